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
};

/// Runs in the child on memory shared with the suspended parent; returns only on failure.
int drover_child_main(void *context);

/// clone3 or clone as vfork does, running `drover_child_main` on `stack`. Returns the pid or the negated errno.
long drover_clone(struct child_context *context, void *stack, size_t stack_size, int *pidfd);
