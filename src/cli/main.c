/*
 * The launcher. Merely linking GDAL costs some 40 ms at every start (a hundred shared libraries are mapped and relocated), too much
 * for `ecobelt --version` in a script or a prompt. So the executable links nothing but libc, answers --version by itself, and
 * loads the commands (ecobelt-cli.so) for all else: from its own folder, as in a build, or from the library folder beside it.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OUTPUT = 5, EXIT_BUG = 70 };

static const char module_name[] = "ecobelt-cli.so";

static int print_version(void)
{
    int written = printf("ecobelt %s\n", ECOBELT_VERSION);
    if (fflush(stdout) == 0 && written >= 0) return 0;
    fputs("ecobelt: the version could not be written to standard output\n", stderr);
    return EXIT_OUTPUT;
}

/* The module in @p folder, relative to the folder of the executable. */
static void *load_from(const char *folder)
{
    char path[PATH_MAX + 256];
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    if (length <= 0 || length >= PATH_MAX) return NULL;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    snprintf(slash + 1, sizeof path - (size_t)(slash + 1 - path), "%s/%s", folder, module_name);
    if (access(path, R_OK) != 0) return NULL;
    /* Global: GDAL's plugins expect its symbols to be visible. Never closed: libraries have exit handlers of their own. */
    return dlopen(path, RTLD_LAZY | RTLD_GLOBAL);
}

static void *load_module(void)
{
    void *module = load_from(".");
    if (!module) module = load_from(ECOBELT_MODULE_FOLDER);
    /* Without /proc, the loader's own search: RUNPATH says the same two folders. */
    return module ? module : dlopen(module_name, RTLD_LAZY | RTLD_GLOBAL);
}

int main(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) return print_version();
    void *module = load_module();
    if (!module) {
        fprintf(stderr, "ecobelt: the commands cannot be loaded (%s)\n", dlerror());
        fputs("  The installation is incomplete: build it again, or run cmake --install.\n", stderr);
        fputs("  安装不完整:请重新编译,或运行 cmake --install。\n", stderr);
        return EXIT_BUG;
    }
    int (*run)(int, char **) = NULL;
    /* ISO C knows no cast from an object pointer to a function; POSIX promises that they are alike. */
    *(void **)&run = dlsym(module, "eb_cli_main");
    if (!run) {
        fprintf(stderr, "ecobelt: %s does not belong to this version (%s)\n", module_name, dlerror());
        return EXIT_BUG;
    }
    return run(argc, argv);
}
