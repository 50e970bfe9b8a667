import CLinux
import Glibc
import Synchronization

/// Waits on many descriptors with epoll and runs a short handler for each that is ready: on a thread of its own, or on that of a lane.
final class EventLoop: Sendable {
    private struct Watch {
        var descriptor: Int32
        var oneShot: Bool
        var handler: @Sendable () -> Bool
    }

    private struct State {
        var last: UInt64 = 0
        var watches: [UInt64: Watch] = [:]
    }

    private static let capacity = 64

    private let epoll: Int32
    private let wake: Int32
    private let state = Mutex(State())

    private init() {
        epoll = drover_epoll_create()
        wake = drover_eventfd()
        precondition(epoll >= 0 && wake >= 0, "no descriptors left for an event loop")
        drover_epoll_add(epoll, wake, UInt32(DROVER_READABLE), 0)
    }

    convenience init(name: StaticString) {
        self.init()
        start(name)
    }

    /// When the lane ends while processes are still waited for, a thread of its own takes over.
    convenience init(on lane: any SlotLane) {
        self.init()
        lane.attend(epoll) { _ = self.turn(timeout: 0) } leave: { self.start("reaper") }
    }

    private func start(_ name: StaticString) {
        startThread(name: name) { while self.turn(timeout: -1) {} }
    }

    deinit {
        close(epoll)
        close(wake)
    }

    /// Ends the thread, if it has one, after the events at hand; nothing that is watched is heard of again.
    func stop() {
        drover_eventfd_signal(wake)
    }

    /// Runs `handler` when `descriptor` is readable or closed: once if `oneShot`, else until it returns false.
    func watch(_ descriptor: Int32, oneShot: Bool, handler: @escaping @Sendable () -> Bool) {
        let token = state.withLock { state in
            state.last += 1
            state.watches[state.last] = Watch(descriptor: descriptor, oneShot: oneShot, handler: handler)
            return state.last
        }
        let flags = UInt32(oneShot ? DROVER_READABLE | DROVER_ONE_SHOT : DROVER_READABLE)
        let result = drover_epoll_add(epoll, descriptor, flags, token)
        precondition(result == 0, "epoll_ctl failed with errno \(-result)")
    }

    /// Handles what is ready; false when stopped.
    private func turn(timeout: Int32) -> Bool {
        withUnsafeTemporaryAllocation(of: drover_event.self, capacity: Self.capacity) { events in
            let count = Int(drover_epoll_wait(epoll, events.baseAddress, Int32(Self.capacity), timeout))
            for event in events.prefix(max(0, count)) {
                if event.token == 0 {
                    // Whoever else looks at this is not called for it again.
                    drover_epoll_remove(epoll, wake)
                    return false
                }
                handle(event.token)
            }
            return true
        }
    }

    private func handle(_ token: UInt64) {
        let watch = state.withLock { state in
            state.watches[token]?.oneShot == true ? state.watches.removeValue(forKey: token) : state.watches[token]
        }
        guard let watch, !watch.handler(), !watch.oneShot else { return }
        drover_epoll_remove(epoll, watch.descriptor)
        state.withLock { _ = $0.watches.removeValue(forKey: token) }
    }
}

private final class ThreadStart {
    let name: StaticString
    let body: @Sendable () -> Void

    init(name: StaticString, body: @escaping @Sendable () -> Void) {
        (self.name, self.body) = (name, body)
    }
}

/// Runs `body` on a detached thread of its own, all signals as in the caller.
package func startThread(name: StaticString, _ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let start = Unmanaged.passRetained(ThreadStart(name: name, body: body))
    let result = pthread_create(&thread, nil, { argument in
        let start = Unmanaged<ThreadStart>.fromOpaque(argument!).takeRetainedValue()
        drover_thread_name(UnsafeRawPointer(start.name.utf8Start).assumingMemoryBound(to: CChar.self))
        start.body()
        return nil
    }, start.toOpaque())
    precondition(result == 0, "no thread: errno \(result)")
    pthread_detach(thread)
}
