import BatchAPI
import Synchronization

/// Objects as bytes, so that lists need not encode again what has not changed. Bounded: what was not asked for lately goes first.
final class EncodedObjects: Sendable {
    private struct State {
        var recent: [String: [UInt8]] = [:]
        var older: [String: [UInt8]] = [:]
        /// Of `recent`.
        var bytes = 0
    }

    private let state = Mutex(State())
    /// In bytes; twice as much may be held.
    private let limit: Int

    init(limit: Int = 32 << 20) { self.limit = limit }

    /// The bytes of an object's version; `make` encodes it if they are not there.
    func bytes(_ key: String, _ make: () -> [UInt8]) -> [UInt8] {
        if let known = state.withLock({ Self.take(key, &$0, limit) }) { return known }
        let made = make()
        state.withLock { Self.keep(key, made, &$0, limit) }
        return made
    }

    private static func take(_ key: String, _ state: inout State, _ limit: Int) -> [UInt8]? {
        if let bytes = state.recent[key] { return bytes }
        guard let bytes = state.older.removeValue(forKey: key) else { return nil }
        keep(key, bytes, &state, limit)
        return bytes
    }

    private static func keep(_ key: String, _ bytes: [UInt8], _ state: inout State, _ limit: Int) {
        if state.recent.updateValue(bytes, forKey: key) == nil { state.bytes += key.utf8.count + bytes.count }
        if state.bytes > limit { (state.older, state.recent, state.bytes) = (state.recent, [:], 0) }
    }

    var count: Int { state.withLock { $0.recent.count + $0.older.count } }
}

/// An object of a list, made when it is wanted.
struct ListedObject: Sendable {
    /// Namespace and name.
    var sortKey: String
    /// Names the object with its version.
    var version: String
    var make: @Sendable () -> Value
}
