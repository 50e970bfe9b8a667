#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "CLinux.h"

static uint32_t to_epoll(uint32_t flags) {
    return ((flags & DROVER_READABLE) ? EPOLLIN : 0u) | ((flags & DROVER_ONE_SHOT) ? EPOLLONESHOT : 0u)
        | ((flags & DROVER_PRIORITY) ? EPOLLPRI : 0u) | ((flags & DROVER_WRITABLE) ? EPOLLOUT : 0u);
}

static uint32_t from_epoll(uint32_t events) {
    return ((events & EPOLLIN) ? DROVER_READABLE : 0u) | ((events & EPOLLPRI) ? DROVER_PRIORITY : 0u)
        | ((events & EPOLLOUT) ? DROVER_WRITABLE : 0u) | ((events & (EPOLLHUP | EPOLLERR)) ? DROVER_CLOSED : 0u);
}

static int control(int epoll, int operation, int fd, uint32_t flags, uint64_t token) {
    struct epoll_event event = {.events = to_epoll(flags), .data.u64 = token};
    return epoll_ctl(epoll, operation, fd, &event) < 0 ? -errno : 0;
}

int drover_epoll_create(void) {
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int drover_epoll_add(int epoll, int fd, uint32_t flags, uint64_t token) { return control(epoll, EPOLL_CTL_ADD, fd, flags, token); }

int drover_epoll_modify(int epoll, int fd, uint32_t flags, uint64_t token) { return control(epoll, EPOLL_CTL_MOD, fd, flags, token); }

int drover_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int drover_epoll_wait(int epoll, struct drover_event *events, int capacity, int timeout_ms) {
    struct epoll_event ready[256];
    int count = epoll_wait(epoll, ready, capacity < 256 ? capacity : 256, timeout_ms);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) events[i] = (struct drover_event){.token = ready[i].data.u64, .flags = from_epoll(ready[i].events)};
    return count;
}

int drover_eventfd(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int drover_eventfd_signal(int fd) {
    uint64_t one = 1;
    return write(fd, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

void drover_drain(int fd) {
    uint64_t value;
    while (read(fd, &value, sizeof value) < 0 && errno == EINTR) {}
}

int drover_timerfd(void) {
    int fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

int drover_timerfd_set(int fd, uint64_t at_ms) {
    struct itimerspec value = {.it_value = {.tv_sec = (time_t)(at_ms / 1000), .tv_nsec = (long)(at_ms % 1000) * 1000000}};
    return timerfd_settime(fd, TFD_TIMER_ABSTIME, &value, NULL) < 0 ? -errno : 0;
}

int drover_wait_readable(int fd, int timeout_ms) {
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    return poll(&entry, 1, timeout_ms) > 0;
}
