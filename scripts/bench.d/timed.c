/*
 * Time a program: timed RUNS PROGRAM [ARGS...]. One line a run on stdout: seconds, peak memory in KiB, exit code (128 + signal),
 * processor seconds of it and its children.
 * The program's own output goes to /dev/null, its errors stay. In C because a child starts out with the memory of its parent on its
 * account: this one weighs a megabyte, an interpreter ten.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static int run_once(char **words)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int code;
    struct rusage usage;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    double start_s = now_s();
    int failed = posix_spawnp(&child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed || wait4(child, &code, 0, &usage) < 0) {
        fprintf(stderr, "timed: %s cannot be run\n", words[0]);
        return 1;
    }
    double seconds = now_s() - start_s;
    printf("%.6f %ld %d %.6f\n", seconds, usage.ru_maxrss, WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code),
           seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    return fflush(stdout) != 0;
}

int main(int argc, char **argv)
{
    long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1) {
        fprintf(stderr, "usage: timed RUNS PROGRAM [ARGS...]\n");
        return 2;
    }
    for (long i = 0; i < runs; i++) {
        if (run_once(argv + 2)) return 1;
    }
    return 0;
}
