import Glibc
import Synchronization

/// The attempts that the guardian says it ends, as read from its pipe: eight bytes each.
final class FencedAttempts: Sendable {
    private let pipe: Descriptor
    private let ids = Mutex<Set<UInt64>>([])

    /// - Parameter pipe: Its read end, non-blocking.
    init(pipe: Descriptor) { self.pipe = pipe }

    func contains(_ id: UInt64) -> Bool { ids.withLock { $0.contains(id) } }

    func forget(_ id: UInt64) {
        ids.withLock { _ = $0.remove(id) }
    }

    /// Takes in what the pipe holds. False once its other end is closed.
    @discardableResult
    func drain() -> Bool {
        ids.withLock { ids in
            var buffer = [UInt64](repeating: 0, count: 64)
            while true {
                let count = read(pipe.number, &buffer, buffer.count * 8)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return count < 0 }
                ids.formUnion(buffer.prefix(count / 8))
            }
        }
    }
}
