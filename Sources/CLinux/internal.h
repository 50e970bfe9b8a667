#pragma once
#include "CLinux.h"

/// What parent and child share while the parent is suspended.
struct child_context {
    const struct drover_spawn *spawn;
    int write_fallback;        ///< the child was not born in the cgroup and has to move there
    int handlers_cleared;      ///< the kernel has reset all caught signals; ignored ones are left
    uint64_t ignored_signals;  ///< bit n-1: signal n may be ignored
    int stage;
    int error;
    int detail;
};

/// Runs in the child on memory shared with the suspended parent; returns only on failure.
int drover_child_main(void *context);

/// clone3 or clone as vfork does, running `drover_child_main` on `stack`. Returns the pid or the negated errno.
long drover_clone(struct child_context *context, void *stack, size_t stack_size, int *pidfd);

/// Leaves the caller's mounts for a namespace that shows `view`; `number` tells which mount failed, -1 for none. 0, or -1 with errno.
int drover_enter_view(const struct drover_view *view, int *number);

/// Builds the filters; to be called before a child installs one.
void drover_prepare_filters(void);
/// 0, or -1 with errno. Needs CAP_SYS_ADMIN or no_new_privs.
int drover_install_filter(const struct drover_spawn *spawn);

void drover_block_signals(uint64_t *before);
void drover_restore_signals(const uint64_t *before);
