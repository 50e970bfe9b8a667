import BatchAPI

/// What a watch tells of one object.
struct WatchEvent: Sendable {
    enum Kind: String, Sendable { case added = "ADDED", modified = "MODIFIED", deleted = "DELETED" }

    var kind: Kind
    var object: Value
    /// As it was before; nil if it was not there.
    var old: Value?
    var version: Int64
    /// As one line of the answer, made once for all that want it so.
    let line: WatchLine

    init(_ kind: Kind, _ object: Value, old: Value?, version: Int64) {
        (self.kind, self.object, self.old, self.version) = (kind, object, old, version)
        line = WatchLine()
    }

    /// The whole object as a line.
    var bytes: [UInt8] { line.bytes { Self.frame(kind.rawValue, object) } }

    /// One line of an answer.
    static func frame(_ type: String, _ object: Value) -> [UInt8] {
        Value.object(["type": .string(type), "object": object]).encodedBytes + [UInt8(ascii: "\n")]
    }
}

/// How the objects of one kind are found for a watch.
struct WatchSource: Sendable {
    /// All of them, by `Address`, and the store's version at that time.
    var list: @Sendable () async throws -> (objects: [Value], version: Int64)
    /// One of them; nil if it is gone.
    var one: @Sendable (_ namespace: String, _ name: String) async throws -> Value?
}
