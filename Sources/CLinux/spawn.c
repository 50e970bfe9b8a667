#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "internal.h"

void drover_block_signals(uint64_t *before) {
    uint64_t all = ~0ULL;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, before, sizeof all);
}

// SIGCHLD stays open on a thread that has spawned: an exit tells the thread that made the child, and a blocked signal
// is queued and wakes two other threads ahead of the one that reaps; an open one with the default action is dropped.
void drover_restore_signals(const uint64_t *before) {
    uint64_t mask = *before & ~(1ULL << (SIGCHLD - 1));
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

static uint64_t ignored_at_start;
static pthread_once_t looked = PTHREAD_ONCE_INIT;

// What this program was started with ignored (nohup ...), and what programs ignore later on.
static void look_for_ignored(void) {
    static const int usual[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU};
    for (unsigned i = 0; i < sizeof usual / sizeof *usual; i++) ignored_at_start |= 1ULL << (usual[i] - 1);
    for (int number = 1; number < 65; number++) {
        unsigned long action[8];
        if (syscall(SYS_rt_sigaction, number, NULL, action, sizeof(uint64_t)) == 0 && action[0] == (unsigned long)SIG_IGN)
            ignored_at_start |= 1ULL << (number - 1);
    }
}

static int failed(struct drover_spawned *result, int stage, int error) {
    result->pid = -1;
    result->pidfd = -1;
    result->stage = stage;
    result->error = error;
    return -error;
}

static int clone_failed(const struct drover_spawn *spawn, struct drover_spawned *result, int error) {
    int gone = spawn->cgroup_directory >= 0 && (error == ENODEV || error == ENOENT || error == EBADF || error == EBUSY);
    return failed(result, gone ? DROVER_STAGE_CGROUP : DROVER_STAGE_CLONE, error);
}

int drover_spawn(const struct drover_spawn *spawn, struct drover_spawned *result) {
    // The suspended parent's own stack holds the child's: no allocation per spawn.
    char stack[32768] __attribute__((aligned(64)));
    pthread_once(&looked, look_for_ignored);
    struct child_context context = {.spawn = spawn, .ignored_signals = ignored_at_start};
    int pidfd = -1;
    uint64_t mask;
    if (spawn->filter) drover_prepare_filters();
    drover_block_signals(&mask);
    long pid = drover_clone(&context, stack, sizeof stack, &pidfd);
    drover_restore_signals(&mask);
    if (pid < 0) return clone_failed(spawn, result, (int)-pid);
    if (context.error) {
        struct drover_exit ignored;
        drover_pidfd_reap(pidfd, 1, &ignored);
        close(pidfd);
        result->detail = context.detail;
        return failed(result, context.stage, context.error);
    }
    *result = (struct drover_spawned){.pid = (pid_t)pid, .pidfd = pidfd};
    return 0;
}

static int join(const char *directory, const char *entry, size_t entry_size, const char *name, char *buffer, size_t size) {
    int written;
    if (entry_size == 0) {
        entry = ".";
        entry_size = 1;
    }
    if (entry[0] == '/' || !directory)
        written = snprintf(buffer, size, "%.*s/%s", (int)entry_size, entry, name);
    else
        written = snprintf(buffer, size, "%s/%.*s/%s", directory, (int)entry_size, entry, name);
    return written >= 0 && (size_t)written < size ? 0 : -ENAMETOOLONG;
}

static int check(const char *path) {
    struct stat status;
    if (stat(path, &status) < 0) return errno == EACCES ? -EACCES : -ENOENT;
    return S_ISREG(status.st_mode) && access(path, X_OK) == 0 ? 0 : -EACCES;
}

int drover_resolve(const char *name, const char *path_list, const char *directory, char *buffer, size_t size) {
    if (name[0] == 0) return -ENOENT;
    if (strchr(name, '/') || !path_list) {
        if (strlen(name) >= size) return -ENAMETOOLONG;
        strcpy(buffer, name);
        return strchr(name, '/') ? 0 : -ENOENT;
    }
    int found = -ENOENT;
    for (const char *entry = path_list;; entry++) {
        size_t length = strcspn(entry, ":");
        int state = join(directory, entry, length, name, buffer, size);
        if (state == 0) state = check(buffer);
        if (state == 0) return 0;
        if (state == -EACCES) found = -EACCES;
        entry += length;
        if (*entry == 0) return found;
    }
}
