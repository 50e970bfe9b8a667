/// The configuration file of a private redis-server.
struct RedisConfiguration: Sendable {
    /// Where it works and keeps its data.
    var folder: String
    var socket: String
    var log: String
    /// Whether data outlives the server: an append-only file, synced once a second.
    var isPersistent: Bool
    /// How soon what it is told is on disk, where it is to be there.
    var sync = Sync.everySecond

    /// `appendfsync`.
    enum Sync: String, Sendable {
        case everySecond = "everysec"
        case always
    }

    var text: String {
        var lines = [
            "port 0", "unixsocket \(Self.quoted(socket))", "unixsocketperm 700", "daemonize no", "supervised no",
            "dir \(Self.quoted(folder))", "logfile \(Self.quoted(log))", "loglevel warning", "databases 1", "io-threads 1",
            "maxmemory 0", "maxmemory-policy noeviction", "save \"\"",
        ]
        lines += isPersistent ? ["appendonly yes", "appendfsync \(sync.rawValue)", "aof-load-truncated yes"] : ["appendonly no"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A value as Redis reads it back, whatever bytes it has.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20, 0x7f...: result += "\\x" + hex(byte >> 4) + hex(byte & 15)
            default: result.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return result + "\""
    }

    private static func hex(_ digit: UInt8) -> String { String(digit, radix: 16) }
}
