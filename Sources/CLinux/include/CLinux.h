#pragma once
/// The few Linux calls that Swift lacks. Unless a comment says otherwise a function returns
/// a value >= 0, or the negated errno; none of them changes the caller's errno contract.
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: spawn (spawn.c, child.c, clone.c)

/// What a new process was doing when it failed to start.
enum drover_stage {
    DROVER_STAGE_NONE = 0,
    DROVER_STAGE_RESOLVE,        ///< looking for argv[0] in PATH (parent)
    DROVER_STAGE_CLONE,          ///< making the process (parent)
    DROVER_STAGE_CGROUP,         ///< entering a cgroup; ENODEV: the cgroup was removed (fenced)
    DROVER_STAGE_SESSION,
    DROVER_STAGE_FILES,          ///< dup2, close_range
    DROVER_STAGE_LIMITS,
    DROVER_STAGE_MOUNTS,         ///< a mount namespace of its own and what is mounted there (detail: which mount, -1 for none)
    DROVER_STAGE_IDENTITY,       ///< groups, gid, uid
    DROVER_STAGE_DIRECTORY,      ///< chdir
    DROVER_STAGE_PRIVILEGES,     ///< no_new_privs, capabilities
    DROVER_STAGE_FILTER,         ///< the filter of system calls
    DROVER_STAGE_FENCE,          ///< not_after_ms had passed (ETIME)
    DROVER_STAGE_ANNOUNCE,       ///< writing the announcement
    DROVER_STAGE_EXEC,
};

/// One resource limit, as setrlimit takes it.
struct drover_limit {
    int resource;
    uint64_t soft;
    uint64_t hard;
};

enum { DROVER_MOUNT_LIMIT = 128 };
enum { DROVER_MOUNT_BIND, DROVER_MOUNT_TMPFS };

/// Something that the process sees at a place of its own; nobody else does.
struct drover_mount {
    int kind;
    const char *source;                ///< bind: a file or directory; tmpfs: its options, as "size=1m,mode=1777"
    const char *sub_path;              ///< bind: only this part of source, made if missing; no link leads out of source. NULL: all
    const char *target;                ///< absolute; made if missing
    int read_only;                     ///< with all that is mounted below
};

/// What a process sees of the file system. Needs Linux 5.12 and the right to mount, or user namespaces.
struct drover_view {
    const struct drover_mount *mounts; ///< at most DROVER_MOUNT_LIMIT, in this order; one may lie below another before it
    int mount_count;
    int root_read_only;                ///< all but /proc, /dev and the mounts
    int namespace;                     ///< mount namespace to begin with (see drover_make_view), or -1: the caller's
    const char *user_map;              ///< lines of uid_map and gid_map for a user namespace of its own; NULL: none
    const char *group_map;
};

/// Makes a mount namespace that shows `view`. Returns its descriptor (close-on-exec): it lives as long as somebody has it.
int drover_make_view(const struct drover_view *view);

enum { DROVER_FILTER_NONE, DROVER_FILTER_DEFAULT, DROVER_FILTER_ADMINISTRATOR };

/// All that a new process is made from; nothing else is inherited but the root directory,
/// the namespaces and what the fields below leave "unchanged".
struct drover_spawn {
    const char *path;                  ///< file to execute (see drover_resolve)
    char *const *argv;                 ///< NULL-terminated
    char *const *envp;                 ///< NULL-terminated, exactly this
    const char *directory;             ///< NULL: unchanged
    int stdio[3];                      ///< become 0, 1, 2; -1: /dev/null must be given by the caller instead
    const int *inherited;              ///< become 3, 4, ...; all other descriptors are closed
    int inherited_count;
    int cgroup_directory;              ///< cgroup2 directory to be born in, or -1
    const int *cgroup_procs;           ///< tasks files (v1) that "0" is written to
    int cgroup_procs_count;
    int cgroup_procs_fallback;         ///< cgroup.procs of cgroup_directory, used where clone3 is missing, or -1
    int file_mode_mask;                ///< umask, or -1: unchanged
    const struct drover_limit *limits;
    int limit_count;
    const struct drover_view *view;    ///< NULL: the caller's
    int64_t user;                      ///< uid, or -1: unchanged
    int64_t group;                     ///< gid, or -1: unchanged
    const gid_t *groups;               ///< supplementary groups
    int group_count;                   ///< -1: unchanged
    int no_new_privileges;             ///< 0 or 1
    int limits_capabilities;           ///< 1: no capability outside `capabilities`, now and after any exec
    uint64_t capabilities;             ///< bit n: capability number n
    int filter;                        ///< DROVER_FILTER_DEFAULT: the calls that container runtimes deny fail; _ADMINISTRATOR: as with CAP_SYS_ADMIN
    const void *filter_program;        ///< a filter of one's own instead: struct sock_filter steps, or NULL
    int filter_steps;
    uint64_t not_after_ms;             ///< CLOCK_BOOTTIME in ms after which exec is refused (ETIME); 0: never
    int announce;                      ///< descriptor the announcement is written to before exec, or -1
    void *announcement;                ///< at most PIPE_BUF bytes; the child puts its pid at announcement_pid_offset
    size_t announcement_size;
    size_t announcement_pid_offset;    ///< offset of an int32_t
};

/// A process that has reached exec, or why it did not (stage, error).
struct drover_spawned {
    pid_t pid;
    int pidfd;                         ///< close-on-exec, owned by the caller
    int stage;                         ///< enum drover_stage; 0 on success
    int error;                         ///< errno at that stage
    int detail;                        ///< see the stage
};

/// Starts a process in a session of its own, default signal dispositions, empty mask. The calling thread is suspended
/// until the child has called exec (about 0.3 ms), so failure is known on return. Returns 0, or the negated errno with `stage` filled in.
int drover_spawn(const struct drover_spawn *spawn, struct drover_spawned *result);

/// Finds `name` as execvp would: unchanged if it has a slash, else the first executable file in `path_list` (PATH's value, NULL
/// for none; relative entries are taken from `directory`). Returns 0, -ENOENT, -EACCES (found, not executable) or -ENAMETOOLONG.
int drover_resolve(const char *name, const char *path_list, const char *directory, char *buffer, size_t size);

// MARK: system calls (syscalls.c)

/// The number of a system call on this architecture, -ENOENT if it has none of that name.
int drover_syscall_number(const char *name);

// MARK: processes (process.c)

/// How a child ended, from waitid.
struct drover_exit {
    pid_t pid;
    int signaled;                      ///< 1: `value` is the signal, 0: the exit code
    int value;
};

int drover_pidfd_open(pid_t pid);
int drover_pidfd_signal(int pidfd, int signal);
/// Reaps the child behind `pidfd`. Returns 1 and fills `result`, or 0 if it still runs, -ECHILD if it is not ours.
int drover_pidfd_reap(int pidfd, int block, struct drover_exit *result);
/// Shows a dead child of any kind without reaping it: 1, or 0 if there is none.
int drover_peek_dead_child(struct drover_exit *result);
/// Reaps the child with this pid if it is dead: 1 or 0.
int drover_reap(pid_t pid, struct drover_exit *result);
/// Makes orphaned descendants children of this process.
int drover_set_subreaper(int on);
/// Sets this thread's name as `ps -L` shows it (15 bytes).
void drover_thread_name(const char *name);
/// The NULL-terminated environment of this process; only to be read while nobody changes it.
char *const *drover_environment(void);
/// Ignores SIGPIPE alone, so that a write to a closed pipe is EPIPE.
void drover_ignore_broken_pipes(void);
/// Ignores SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2 and stop signals of the terminal.
void drover_ignore_signals(void);

// MARK: events (events.c)

enum { DROVER_READABLE = 1, DROVER_ONE_SHOT = 2, DROVER_PRIORITY = 4, DROVER_CLOSED = 8, DROVER_WRITABLE = 16 };

/// One ready descriptor: the token it was added with and DROVER_ flags.
struct drover_event {
    uint64_t token;
    uint32_t flags;
};

int drover_epoll_create(void);
int drover_epoll_add(int epoll, int fd, uint32_t flags, uint64_t token);
int drover_epoll_modify(int epoll, int fd, uint32_t flags, uint64_t token);
int drover_epoll_remove(int epoll, int fd);
/// Waits up to `timeout_ms` (-1: for ever); returns how many of at most 256 events were written. EINTR counts as 0 events.
int drover_epoll_wait(int epoll, struct drover_event *events, int capacity, int timeout_ms);
/// Non-blocking, close-on-exec eventfd.
int drover_eventfd(void);
/// Adds 1 to an eventfd.
int drover_eventfd_signal(int fd);
/// Reads an eventfd or timerfd back to zero.
void drover_drain(int fd);
/// Non-blocking timer on CLOCK_BOOTTIME.
int drover_timerfd(void);
/// Fires once at that CLOCK_BOOTTIME in ms; 0 disarms.
int drover_timerfd_set(int fd, uint64_t at_ms);
/// Waits for `fd` to become readable or closed: 1, or 0 after `timeout_ms`.
int drover_wait_readable(int fd, int timeout_ms);

// MARK: files and clocks (files.c)

/// CLOCK_BOOTTIME in ms: goes on while the host sleeps, never steps.
uint64_t drover_boottime_ms(void);
/// CLOCK_REALTIME in ns since 1970.
int64_t drover_realtime_ns(void);
/// pipe2(O_CLOEXEC); `nonblocking_ends`: 1 the read end, 2 the write end, 3 both.
int drover_pipe(int fds[2], int nonblocking_ends);
/// Asks for a bigger pipe buffer; failure does no harm.
void drover_pipe_size(int fd, int bytes);
int drover_set_cloexec(int fd, int on);
/// Exclusive flock, not waiting: 0 or -EWOULDBLOCK.
int drover_lock(int fd);
/// Shared flock, not waiting.
int drover_lock_shared(int fd);
/// Exclusive flock, as long as it takes.
int drover_lock_waiting(int fd);
/// Frees the blocks of [0, end) of a file, keeping its size.
int drover_punch_head(int fd, int64_t end);
/// Offset of the first byte at or after `from` that is not in a hole; the file's size if there is none; `from` where the
/// file system cannot tell.
int64_t drover_first_data(int fd, int64_t from);
/// Size in bytes and time of the last write in ns since 1970.
int drover_file_state(int fd, int64_t *size, int64_t *modified_ns);
/// Whether a file has extended attributes, as access lists are: 1 or 0; no link is followed.
int drover_has_attributes(const char *path);
/// open with O_CLOEXEC added.
int drover_open(const char *path, int flags, int mode);

#ifdef __cplusplus
}
#endif
