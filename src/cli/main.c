/*
 * The launcher. Merely linking GDAL costs some 40 ms at every start (a hundred shared libraries are mapped and relocated), too much
 * for `ecobelt --version` in a script or a prompt. So the executable links nothing but libc, answers --version by itself, and
 * loads the commands (ecobelt-cli.so, found through the executable's RUNPATH beside it or in the library folder) for all else.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_OUTPUT = 5, EXIT_BUG = 70 };

static int print_version(void)
{
    int written = printf("ecobelt %s\n", ECOBELT_VERSION);
    if (fflush(stdout) == 0 && written >= 0) return 0;
    fputs("ecobelt: the version could not be written to standard output\n", stderr);
    return EXIT_OUTPUT;
}

int main(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) return print_version();
    /* Global: GDAL's plugins expect its symbols to be visible. Never closed: libraries have exit handlers of their own. */
    void *module = dlopen("ecobelt-cli.so", RTLD_LAZY | RTLD_GLOBAL);
    if (!module) {
        fprintf(stderr, "ecobelt: the commands cannot be loaded (%s)\n", dlerror());
        fputs("  The installation is incomplete: build it again, or run cmake --install.\n", stderr);
        return EXIT_BUG;
    }
    int (*run)(int, char **) = NULL;
    /* ISO C knows no cast from an object pointer to a function; POSIX promises that they are alike. */
    *(void **)&run = dlsym(module, "eb_cli_main");
    if (!run) {
        fprintf(stderr, "ecobelt: ecobelt-cli.so does not belong to this version (%s)\n", dlerror());
        return EXIT_BUG;
    }
    return run(argc, argv);
}
