#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"

// The child runs on its parent's memory: only plain system calls here, no allocation, no locks; ids by raw calls, since glibc's would signal every
// thread of the parent.

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

static int write_all(int fd, const void *bytes, size_t size) {
    ssize_t written = write(fd, bytes, size);
    if (written == (ssize_t)size) return 0;
    if (written >= 0) errno = EIO;
    return -1;
}

static int enter_cgroups(const struct drover_spawn *spawn, int write_fallback) {
    for (int i = 0; i < spawn->cgroup_procs_count; i++)
        if (write_all(spawn->cgroup_procs[i], "0", 1) < 0) return -1;
    if (write_fallback && spawn->cgroup_procs_fallback >= 0) return write_all(spawn->cgroup_procs_fallback, "0", 1);
    return 0;
}

static int source_of(const struct drover_spawn *spawn, int target) {
    return target < 3 ? spawn->stdio[target] : spawn->inherited[target - 3];
}

// A source below the last target could be overwritten before its turn: such ones are first moved above.
static int place_files(const struct drover_spawn *spawn) {
    int count = 3 + spawn->inherited_count;
    int sources[16];
    if (count > 16) return errno = EINVAL, -1;
    for (int i = 0; i < count; i++) {
        sources[i] = source_of(spawn, i);
        if (sources[i] < count) sources[i] = fcntl(sources[i], F_DUPFD_CLOEXEC, count);
        if (sources[i] < 0) return -1;
    }
    for (int i = 0; i < count; i++)
        if (dup2(sources[i], i) < 0) return -1;
    return 0;
}

static int close_others(int from) {
    if (syscall(SYS_close_range, from, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return 0;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -1;
    int end = limit.rlim_cur > 1 << 20 ? 1 << 20 : (int)limit.rlim_cur;
    for (int fd = from; fd < end; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return 0;
}

static int set_limits(const struct drover_spawn *spawn) {
    for (int i = 0; i < spawn->limit_count; i++) {
        struct rlimit limit = {.rlim_cur = spawn->limits[i].soft, .rlim_max = spawn->limits[i].hard};
        if (setrlimit(spawn->limits[i].resource, &limit) < 0) return -1;
    }
    return 0;
}

static int set_identity(const struct drover_spawn *spawn) {
    if (spawn->group_count >= 0 && syscall(SYS_setgroups, (size_t)spawn->group_count, spawn->groups) < 0) return -1;
    if (spawn->group >= 0 && syscall(SYS_setresgid, (gid_t)spawn->group, (gid_t)spawn->group, (gid_t)spawn->group) < 0) return -1;
    if (spawn->user >= 0 && syscall(SYS_setresuid, (uid_t)spawn->user, (uid_t)spawn->user, (uid_t)spawn->user) < 0) return -1;
    return 0;
}

// What the bounding set lacks no exec brings back, not even as root.
static int bound_capabilities(const struct drover_spawn *spawn) {
    if (!spawn->limits_capabilities) return 0;
    for (int number = 0; number < 64; number++) {
        if (spawn->capabilities >> number & 1) continue;
        int has = prctl(PR_CAPBSET_READ, number, 0, 0, 0);
        if (has < 0) break;
        if (has && prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0) return -1;
    }
    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static int drop_capabilities(const struct drover_spawn *spawn) {
    if (!spawn->limits_capabilities) return 0;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) return -1;
    for (int i = 0; i < 2; i++) {
        uint32_t kept = (uint32_t)(spawn->capabilities >> 32 * i);
        data[i].effective &= kept;
        data[i].permitted &= kept;
        data[i].inheritable = 0;
    }
    return (int)syscall(SYS_capset, &header, data);
}

// Raw calls, because glibc refuses 32 and 33, which a parent may have left ignored. The kernel's structure begins with
// the handler; all zero is SIG_DFL.
static void default_signals(const struct child_context *shared) {
    unsigned long action[8], none[8] = {0};
    for (int number = 1; number < 65; number++) {
        // One call per signal is a hundredth of a short process's life.
        if (shared->handlers_cleared && !(shared->ignored_signals >> (number - 1) & 1)) continue;
        if (syscall(SYS_rt_sigaction, number, NULL, action, sizeof(uint64_t)) < 0 || action[0] == 0) continue;
        syscall(SYS_rt_sigaction, number, none, NULL, sizeof(uint64_t));
    }
}

static void empty_mask(void) {
    uint64_t none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}

static int still_allowed(uint64_t not_after_ms) {
    if (not_after_ms == 0 || drover_boottime_ms() < not_after_ms) return 0;
    errno = ETIME;
    return -1;
}

static int announce(const struct drover_spawn *spawn) {
    if (spawn->announce < 0) return 0;
    int32_t pid = (int32_t)syscall(SYS_getpid);
    memcpy((char *)spawn->announcement + spawn->announcement_pid_offset, &pid, sizeof pid);
    return write_all(spawn->announce, spawn->announcement, spawn->announcement_size);
}

#define STEP(name, expression)                     \
    do {                                           \
        shared->stage = DROVER_STAGE_##name;       \
        if ((expression) < 0) goto failed;         \
    } while (0)

int drover_child_main(void *context) {
    struct child_context *shared = context;
    const struct drover_spawn *spawn = shared->spawn;
    STEP(SESSION, setsid());
    STEP(CGROUP, enter_cgroups(spawn, shared->write_fallback));
    STEP(ANNOUNCE, announce(spawn));
    STEP(FILES, place_files(spawn));
    STEP(LIMITS, set_limits(spawn));
    if (spawn->file_mode_mask >= 0) umask((mode_t)spawn->file_mode_mask);
    STEP(MOUNTS, spawn->view ? drover_enter_view(spawn->view, &shared->detail) : 0);
    // Before its identity changes: the way to its directory may be closed to the process, as the worker's folder is.
    STEP(DIRECTORY, spawn->directory ? chdir(spawn->directory) : 0);
    STEP(PRIVILEGES, bound_capabilities(spawn));
    STEP(PRIVILEGES, spawn->no_new_privileges ? prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : 0);
    STEP(FILTER, spawn->filter || spawn->filter_program ? drover_install_filter(spawn) : 0);
    STEP(IDENTITY, set_identity(spawn));
    STEP(PRIVILEGES, drop_capabilities(spawn));
    STEP(FILES, close_others(3 + spawn->inherited_count));
    default_signals(shared);
    empty_mask();
    STEP(FENCE, still_allowed(spawn->not_after_ms));
    STEP(EXEC, execve(spawn->path, spawn->argv, spawn->envp));
failed:
    shared->error = errno;
    return 127;
}
