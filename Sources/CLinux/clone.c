#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "internal.h"

#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

/// struct clone_args up to `cgroup` (Linux 5.7), written out so that old headers do.
struct arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

// glibc has no wrapper for clone3 with a stack, and being born in the cgroup (CLONE_INTO_CGROUP)
// spares the move, which takes a lock that waits for RCU.
#if defined(__x86_64__)
#define HAVE_CLONE3 1
static long clone3(struct arguments *arguments, struct child_context *context) {
    long result;
    register int (*entry)(void *) __asm__("r8") = drover_child_main;
    register void *argument __asm__("r9") = context;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %[argument], %%rdi\n\t"
        "call *%[entry]\n\t"
        "mov $127, %%edi\n\t"
        "mov $60, %%eax\n\t"
        "syscall\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"(SYS_clone3), "D"(arguments), "S"(sizeof *arguments), [entry] "r"(entry), [argument] "r"(argument)
        : "rcx", "r11", "memory", "cc");
    return result;
}
#elif defined(__aarch64__)
#define HAVE_CLONE3 1
static long clone3(struct arguments *arguments, struct child_context *context) {
    register long result __asm__("x0") = (long)arguments;
    register long size __asm__("x1") = sizeof *arguments;
    register long number __asm__("x8") = SYS_clone3;
    register int (*entry)(void *) __asm__("x10") = drover_child_main;
    register void *argument __asm__("x11") = context;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, xzr\n\t"
        "mov x0, x11\n\t"
        "blr x10\n\t"
        "mov x0, #127\n\t"
        "mov x8, #93\n\t"
        "svc #0\n"
        "1:"
        : "+r"(result)
        : "r"(size), "r"(number), "r"(entry), "r"(argument)
        : "memory", "cc");
    return result;
}
#endif

static atomic_int clone3_missing;

static long plain_clone(struct child_context *context, void *stack, size_t stack_size, int *pidfd) {
    context->write_fallback = 1;
    context->handlers_cleared = 0;
    long pid = clone(drover_child_main, (char *)stack + stack_size, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, context, pidfd);
    return pid < 0 ? -errno : pid;
}

long drover_clone(struct child_context *context, void *stack, size_t stack_size, int *pidfd) {
#ifdef HAVE_CLONE3
    if (!atomic_load_explicit(&clone3_missing, memory_order_relaxed)) {
        struct arguments arguments = {
            .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND, .pidfd = (uintptr_t)pidfd, .exit_signal = SIGCHLD,
            .stack = (uintptr_t)stack, .stack_size = stack_size};
        if (context->spawn->cgroup_directory >= 0) {
            arguments.flags |= CLONE_INTO_CGROUP;
            arguments.cgroup = (uint64_t)context->spawn->cgroup_directory;
        }
        context->handlers_cleared = 1;
        long pid = clone3(&arguments, context);
        if (pid != -ENOSYS && pid != -EINVAL && pid != -E2BIG) return pid;
        // Containers' seccomp filters answer ENOSYS, kernels before 5.7 EINVAL or E2BIG.
        atomic_store_explicit(&clone3_missing, 1, memory_order_relaxed);
    }
#endif
    return plain_clone(context, stack, stack_size, pidfd);
}
