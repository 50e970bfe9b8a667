#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include "internal.h"

// What container runtimes deny by default, as a list of what is refused: calls that reach the whole machine, and new namespaces.

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define NEW_NAMESPACES 0x7E020000U /* CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */
#define LIMIT 160

static const int refused[] = {
    SYS_acct, SYS_add_key, SYS_adjtimex, SYS_clock_adjtime, SYS_clock_settime, SYS_delete_module, SYS_finit_module, SYS_get_mempolicy,
    SYS_init_module, SYS_kexec_load, SYS_kexec_file_load, SYS_keyctl, SYS_mbind, SYS_migrate_pages, SYS_move_pages, SYS_nfsservctl,
    SYS_open_by_handle_at, SYS_reboot, SYS_request_key, SYS_set_mempolicy, SYS_settimeofday, SYS_swapoff, SYS_swapon, SYS_syslog,
    SYS_userfaultfd, SYS_vhangup,
#ifdef __x86_64__
    SYS_create_module, SYS_get_kernel_syms, SYS_ioperm, SYS_iopl, SYS_query_module, SYS_sysfs, SYS__sysctl, SYS_uselib, SYS_ustat,
#endif
};

/// Allowed only with CAP_SYS_ADMIN. The last are fsopen, fsconfig, fsmount, fspick, open_tree, move_mount, mount_setattr.
static const int for_administrators[] = {
    SYS_bpf, SYS_fanotify_init, SYS_lookup_dcookie, SYS_mount, SYS_perf_event_open, SYS_pivot_root, SYS_quotactl, SYS_setdomainname,
    SYS_sethostname, SYS_setns, SYS_umount2, SYS_unshare, 430, 431, 432, 433, 428, 429, 442,
};

struct program {
    struct sock_filter steps[LIMIT];
    unsigned short count;
};

static struct program programs[2];
static pthread_once_t made = PTHREAD_ONCE_INIT;

static void step(struct program *program, struct sock_filter one) { program->steps[program->count++] = one; }

static void load(struct program *program, size_t offset) {
    step(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

static void answer(struct program *program, unsigned value) { step(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value)); }

static void answer_if(struct program *program, int number, int error) {
    step(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1));
    answer(program, SECCOMP_RET_ERRNO | (unsigned)error);
}

static void make(struct program *program, int administers) {
#ifdef ARCHITECTURE
    load(program, offsetof(struct seccomp_data, arch));
    step(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    answer(program, SECCOMP_RET_ERRNO | ENOSYS);
    load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
    step(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000U, 0, 1));
    answer(program, SECCOMP_RET_ERRNO | ENOSYS);
#endif
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) answer_if(program, refused[i], EPERM);
    if (!administers) {
        for (size_t i = 0; i < sizeof for_administrators / sizeof *for_administrators; i++) answer_if(program, for_administrators[i], EPERM);
        // Its flags lie in memory, out of a filter's sight; the C library then takes clone.
        answer_if(program, SYS_clone3, ENOSYS);
        step(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
        load(program, offsetof(struct seccomp_data, args[0]));
        step(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 0, 1));
        answer(program, SECCOMP_RET_ERRNO | EPERM);
    }
#endif
    answer(program, SECCOMP_RET_ALLOW);
}

static void make_all(void) {
    make(&programs[0], 0);
    make(&programs[1], 1);
}

void drover_prepare_filters(void) { pthread_once(&made, make_all); }

int drover_install_filter(const struct drover_spawn *spawn) {
    struct program *program = &programs[spawn->filter == DROVER_FILTER_ADMINISTRATOR];
    struct sock_fprog filter = {.len = program->count, .filter = program->steps};
    if (spawn->filter_program) {
        filter.len = (unsigned short)spawn->filter_steps;
        filter.filter = (struct sock_filter *)spawn->filter_program;
    }
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
}
