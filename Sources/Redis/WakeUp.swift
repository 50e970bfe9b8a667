import CHiredis
import Glibc

/// An eventfd that ends the loop's sleep. It lives as long as anyone may still signal it.
final class WakeUp: Sendable {
    let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        if descriptor < 0 { fatalError("eventfd: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// Ends the present or the next sleep.
    func signal() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Forgets the signals so far.
    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
