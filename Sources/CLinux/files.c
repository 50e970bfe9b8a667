#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include "CLinux.h"

uint64_t drover_boottime_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int64_t nanoseconds(struct timespec time) { return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec; }

int64_t drover_realtime_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return nanoseconds(now);
}

int drover_pipe(int fds[2], int nonblocking_ends) {
    if (pipe2(fds, O_CLOEXEC) < 0) return -errno;
    for (int end = 0; end < 2; end++)
        if (nonblocking_ends & 1 << end) fcntl(fds[end], F_SETFL, fcntl(fds[end], F_GETFL) | O_NONBLOCK);
    return 0;
}

void drover_pipe_size(int fd, int bytes) { fcntl(fd, F_SETPIPE_SZ, bytes); }

int drover_set_cloexec(int fd, int on) { return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0) < 0 ? -errno : 0; }

int drover_lock(int fd) { return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0; }

int drover_lock_shared(int fd) { return flock(fd, LOCK_SH | LOCK_NB) < 0 ? -errno : 0; }

int drover_lock_waiting(int fd) {
    while (flock(fd, LOCK_EX) < 0)
        if (errno != EINTR) return -errno;
    return 0;
}

int drover_punch_head(int fd, int64_t end) {
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, end) < 0 ? -errno : 0;
}

int64_t drover_first_data(int fd, int64_t from) {
    off_t offset = lseek(fd, from, SEEK_DATA);
    if (offset >= 0) return offset;
    return errno == ENXIO ? lseek(fd, 0, SEEK_END) : from;
}

int drover_file_state(int fd, int64_t *size, int64_t *modified_ns) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -errno;
    *size = status.st_size;
    *modified_ns = nanoseconds(status.st_mtim);
    return 0;
}

int drover_open(const char *path, int flags, int mode) {
    int fd = open(path, flags | O_CLOEXEC, mode);
    return fd < 0 ? -errno : fd;
}

int drover_has_attributes(const char *path) { return llistxattr(path, NULL, 0) > 0; }
