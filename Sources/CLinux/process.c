#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "CLinux.h"

enum { PIDFD = 3 };  // P_PIDFD, which older headers lack

int drover_pidfd_open(pid_t pid) {
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : fd;
}

int drover_pidfd_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

static int wait_for(int kind, id_t id, int options, struct drover_exit *result) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int state;
    do state = waitid((idtype_t)kind, id, &info, WEXITED | options);
    while (state < 0 && errno == EINTR);
    if (state < 0) return -errno;
    if (info.si_pid == 0) return 0;
    *result = (struct drover_exit){.pid = info.si_pid, .signaled = info.si_code != CLD_EXITED, .value = info.si_status};
    return 1;
}

int drover_pidfd_reap(int pidfd, int block, struct drover_exit *result) {
    return wait_for(PIDFD, (id_t)pidfd, block ? 0 : WNOHANG, result);
}

int drover_peek_dead_child(struct drover_exit *result) { return wait_for(P_ALL, 0, WNOHANG | WNOWAIT, result) == 1; }

int drover_reap(pid_t pid, struct drover_exit *result) { return wait_for(P_PID, (id_t)pid, WNOHANG, result) == 1; }

int drover_set_subreaper(int on) { return prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0) < 0 ? -errno : 0; }

void drover_thread_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

char *const *drover_environment(void) { return environ; }

void drover_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

void drover_ignore_signals(void) {
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) signal(ignored[i], SIG_IGN);
}
