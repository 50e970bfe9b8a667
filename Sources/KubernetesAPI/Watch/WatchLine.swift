import Synchronization

/// The encoded form of an event, made when it is first wanted.
final class WatchLine: Sendable {
    private let made = Mutex<[UInt8]?>(nil)

    func bytes(_ make: () -> [UInt8]) -> [UInt8] {
        made.withLock { made in
            if let made { return made }
            let bytes = make()
            made = bytes
            return bytes
        }
    }
}
