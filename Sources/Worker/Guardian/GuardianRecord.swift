/// One message of the worker to its guardian: 64 bytes, native byte order, so one write is atomic and no framing is needed.
///
/// | offset | type | meaning |
/// | --- | --- | --- |
/// | 0 | UInt8 | kind |
/// | 1 | UInt8 x 7 | 0 |
/// | 8 | UInt64 | attempt id (`add`, `remove`) |
/// | 16 | UInt64 | fence deadline, CLOCK_BOOTTIME in ms, 0 is none (`add`, `renewAll`) |
/// | 24 | Int32 | pid: session leader (`add` without a cgroup) or redis-server |
/// | 28 | Int32 | 0 |
/// | 32 | UInt64 | start of that pid in clock ticks, 0 is unknown |
/// | 40 | UInt8 x 24 | name of the cgroup below the tree, padded with NUL; empty is none (`add`) |
///
/// The guardian answers with 8-byte records: the id of an attempt that it has ended.
public enum GuardianRecord: Sendable, Equatable {
    /// An attempt that may run from now on.
    case add(GuardianAttempt)
    /// An attempt that is over.
    case remove(UInt64)
    /// A new deadline for every attempt.
    case renewAll(deadline: UInt64)
    /// The private redis-server that is to end after the attempts; nil if there is none any more.
    case redis(ProcessIdentity?)
    /// Clean shutdown: end what is left.
    case bye

    static let size = 64
    static let pidOffset = 24
    static let nameOffset = 40
    /// The longest cgroup name in bytes.
    static let nameLimit = 23

    var encoded: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.size)
        switch self {
        case .add(let attempt):
            bytes[0] = 1
            bytes.put(attempt.id, at: 8)
            bytes.put(attempt.deadline, at: 16)
            attempt.place.encode(into: &bytes)
        case .remove(let id):
            bytes[0] = 2
            bytes.put(id, at: 8)
        case .renewAll(let deadline):
            bytes[0] = 3
            bytes.put(deadline, at: 16)
        case .redis(let process):
            bytes[0] = 4
            bytes.put(process?.pid ?? 0, at: Self.pidOffset)
            bytes.put(process?.startTicks ?? 0, at: 32)
        case .bye: bytes[0] = 5
        }
        return bytes
    }

    /// Nil if the bytes are no record.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        let bytes = Array(bytes)
        switch bytes[0] {
        case 1: self = .add(GuardianAttempt(id: bytes.get(8), place: .init(decoding: bytes), deadline: bytes.get(16)))
        case 2: self = .remove(bytes.get(8))
        case 3: self = .renewAll(deadline: bytes.get(16))
        case 4:
            let pid: Int32 = bytes.get(Self.pidOffset)
            self = .redis(pid == 0 ? nil : ProcessIdentity(pid: pid, startTicks: bytes.get(32)))
        case 5: self = .bye
        default: return nil
        }
    }
}

/// What the guardian knows of an attempt.
public struct GuardianAttempt: Sendable, Equatable {
    /// Where its processes are.
    public enum Place: Sendable, Equatable {
        /// The cgroup of this name below the node's tree.
        case cgroup(String)
        /// The session of this leader.
        case session(ProcessIdentity)
    }

    /// The caller's number for it.
    public var id: UInt64
    public var place: Place
    /// CLOCK_BOOTTIME in ms at which it is ended; 0 is never.
    public var deadline: UInt64
}

extension GuardianAttempt.Place {
    fileprivate func encode(into bytes: inout [UInt8]) {
        switch self {
        case .cgroup(let name):
            precondition(!name.isEmpty && name.utf8.count <= GuardianRecord.nameLimit, "a cgroup's name has 1 to 23 bytes")
            for (index, byte) in name.utf8.enumerated() { bytes[GuardianRecord.nameOffset + index] = byte }
        case .session(let leader):
            bytes.put(leader.pid, at: GuardianRecord.pidOffset)
            bytes.put(leader.startTicks, at: 32)
        }
    }

    fileprivate init(decoding bytes: [UInt8]) {
        let name = bytes[GuardianRecord.nameOffset...].prefix { $0 != 0 }
        self = name.isEmpty
            ? .session(ProcessIdentity(pid: bytes.get(GuardianRecord.pidOffset), startTicks: bytes.get(32)))
            : .cgroup(String(decoding: name, as: UTF8.self))
    }
}

extension [UInt8] {
    mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: Value.self) }
    }

    func get<Value: FixedWidthInteger>(_ offset: Int) -> Value {
        withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
    }
}
