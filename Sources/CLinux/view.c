#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"

// Runs in children on their parent's memory: plain system calls only, as in child.c. Written with raw numbers and structures, since
// glibc has these calls from 2.36 on only. Numbers are the same on every architecture.

#define OPEN_TREE 428
#define MOVE_MOUNT 429
#define OPENAT2 437
#define MOUNT_SETATTR 442

#define TREE_CLONE 1U
#define TREE_RECURSIVE 0x8000U /* AT_RECURSIVE */
#define FROM_EMPTY_PATH 0x14U  /* MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_SYMLINKS */
#define ATTRIBUTE_READ_ONLY 1ULL
#define RESOLVE_INSIDE (0x08ULL | 0x02ULL) /* RESOLVE_BENEATH, RESOLVE_NO_MAGICLINKS */

struct attributes { uint64_t set, clear, propagation, user_namespace; };
struct open_how { uint64_t flags, mode, resolve; };

static int set_tree(int directory, const char *path, unsigned flags, uint64_t set, uint64_t clear) {
    struct attributes attributes = {.set = set, .clear = clear};
    return (int)syscall(MOUNT_SETATTR, directory, path, flags, &attributes, sizeof attributes);
}

static int open_inside(int root, const char *path) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_INSIDE};
    return (int)syscall(OPENAT2, root, path, &how, sizeof how);
}

// Makes what is missing of `path` below `root`, never leaving it through a link, and opens it.
static int make_inside(int root, const char *path) {
    char part[4096];
    size_t length = strlen(path);
    if (length >= sizeof part) return errno = ENAMETOOLONG, -1;
    int directory = open_inside(root, ".");
    for (size_t at = 0; directory >= 0 && at < length;) {
        size_t size = strcspn(path + at, "/");
        memcpy(part, path + at, size);
        part[size] = 0;
        if (size > 0) {
            int next = open_inside(directory, part);
            if (next < 0 && errno == ENOENT && mkdirat(directory, part, 0755) == 0) next = open_inside(directory, part);
            int error = errno;
            close(directory);
            directory = next;
            errno = error;
        }
        at += size + (path[at + size] == '/');
    }
    return directory;
}

static int open_source(const struct drover_mount *one) {
    int root = open(one->source, O_PATH | O_CLOEXEC);
    if (root < 0 || !one->sub_path) return root;
    int inside = open_inside(root, one->sub_path);
    // A link may lead from one directory of the volume into another: only what is missing is gone for step by step.
    if (inside < 0 && errno == ENOENT) inside = make_inside(root, one->sub_path);
    int error = errno;
    close(root);
    errno = error;
    return inside;
}

// A copy of the mount tree, so that what is mounted over it later does not hide it.
static int clone_source(const struct drover_mount *one, int *is_directory) {
    int source = open_source(one);
    if (source < 0) return -1;
    struct stat status;
    int tree = fstat(source, &status) < 0
        ? -1 : (int)syscall(OPEN_TREE, source, "", TREE_CLONE | TREE_RECURSIVE | O_CLOEXEC | AT_EMPTY_PATH);
    int error = errno;
    close(source);
    *is_directory = S_ISDIR(status.st_mode);
    if (tree >= 0 && one->read_only && set_tree(tree, "", AT_EMPTY_PATH | TREE_RECURSIVE, ATTRIBUTE_READ_ONLY, 0) < 0) return -1;
    errno = error;
    return tree;
}

static int make_target(const char *target, int is_directory) {
    char path[4096];
    size_t length = strlen(target);
    if (access(target, F_OK) == 0) return 0;
    if (length >= sizeof path) return errno = ENAMETOOLONG, -1;
    for (size_t at = 1; at <= length; at++) {
        if (target[at] != '/' && target[at] != 0) continue;
        memcpy(path, target, at);
        path[at] = 0;
        if (at == length && !is_directory) {
            int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
            return file < 0 ? -1 : close(file);
        }
        if (mkdir(path, 0755) < 0 && errno != EEXIST) return -1;
    }
    return 0;
}

static int is_below(const char *path, const char *directory) {
    size_t length = strlen(directory);
    return strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == 0);
}

// Whether an earlier mount brings the place where this one goes.
static int is_nested(const struct drover_view *view, int number) {
    for (int i = 0; i < number; i++)
        if (is_below(view->mounts[number].target, view->mounts[i].target)) return 1;
    return 0;
}

static int put(const struct drover_mount *one, int tree) {
    if (one->kind == DROVER_MOUNT_TMPFS) return mount("tmpfs", one->target, "tmpfs", MS_NOSUID | MS_NODEV, one->source);
    return (int)syscall(MOVE_MOUNT, tree, "", AT_FDCWD, one->target, FROM_EMPTY_PATH);
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written < 0 ? -1 : 0;
}

// An ordinary user may mount in a user namespace, in which it is itself and nobody else is anybody.
static int own_users(const struct drover_view *view) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) return -1;
    if (write_file("/proc/self/setgroups", "deny") < 0 || write_file("/proc/self/uid_map", view->user_map) < 0) return -1;
    return write_file("/proc/self/gid_map", view->group_map);
}

static int enter(const struct drover_view *view) {
    if (view->namespace >= 0 && setns(view->namespace, CLONE_NEWNS) < 0) return -1;
    if ((view->user_map ? own_users(view) : unshare(CLONE_NEWNS)) < 0) return -1;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int shut_root(void) {
    if (set_tree(AT_FDCWD, "/", TREE_RECURSIVE, ATTRIBUTE_READ_ONLY, 0) < 0) return -1;
    // As in a container: devices and the process' own settings can be written.
    set_tree(AT_FDCWD, "/proc", 0, 0, ATTRIBUTE_READ_ONLY);
    set_tree(AT_FDCWD, "/dev", 0, 0, ATTRIBUTE_READ_ONLY);
    return 0;
}

int drover_enter_view(const struct drover_view *view, int *number) {
    int trees[DROVER_MOUNT_LIMIT], directories[DROVER_MOUNT_LIMIT];
    *number = -1;
    if (view->mount_count > DROVER_MOUNT_LIMIT) return errno = E2BIG, -1;
    if (enter(view) < 0) return -1;
    for (*number = 0; *number < view->mount_count; ++*number) {
        const struct drover_mount *one = &view->mounts[*number];
        directories[*number] = 1;
        trees[*number] = one->kind == DROVER_MOUNT_BIND ? clone_source(one, &directories[*number]) : -1;
        if (one->kind == DROVER_MOUNT_BIND && trees[*number] < 0) return -1;
    }
    for (*number = 0; *number < view->mount_count; ++*number)
        if (!is_nested(view, *number) && make_target(view->mounts[*number].target, directories[*number]) < 0) return -1;
    *number = -1;
    if (view->root_read_only && shut_root() < 0) return -1;
    for (*number = 0; *number < view->mount_count; ++*number) {
        const struct drover_mount *one = &view->mounts[*number];
        if (is_nested(view, *number) && make_target(one->target, directories[*number]) < 0) return -1;
        if (put(one, trees[*number]) < 0) return -1;
        if (trees[*number] >= 0) close(trees[*number]);
    }
    return 0;
}

struct holder {
    const struct drover_view *view;
    int descriptor, number, error;
};

static int hold(void *context) {
    struct holder *holder = context;
    if (drover_enter_view(holder->view, &holder->number) == 0) holder->descriptor = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    holder->error = errno;
    return 0;
}

int drover_make_view(const struct drover_view *view) {
    char stack[65536] __attribute__((aligned(64)));
    struct holder holder = {.view = view, .descriptor = -1};
    uint64_t mask;
    drover_block_signals(&mask);
    // The descriptor that the child opens is the parent's, too; the namespace lives as long as that is open.
    pid_t pid = clone(hold, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &holder);
    int error = errno;
    drover_restore_signals(&mask);
    if (pid < 0) return -error;
    while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) {}
    return holder.descriptor >= 0 ? holder.descriptor : -holder.error;
}
