import Glibc

/// The sessions that a guardian covers, in a file: where there are no cgroups, and the worker and its guardian have both been killed, nothing else
/// tells the next worker what to end. Each has 16 bytes - pid, zero, start in clock ticks - after the id of the host's boot.
struct SessionBook {
    private static let record = 16, header = 36

    private let path: String
    private let file: Descriptor
    private var places: [UInt64: Int] = [:]
    private var free: [Int] = []

    /// An empty one; nil if it can't be written.
    init?(path: String) {
        guard let file = Descriptor(path: path, flags: O_RDWR | O_CREAT | O_TRUNC, mode: 0o600) else { return nil }
        (self.path, self.file) = (path, file)
        let boot = Self.boot
        guard pwrite(file.number, boot, boot.count, 0) == boot.count else { return nil }
    }

    /// Takes note of an attempt's session. One whose start is not known is left out: it could not be told from a later one.
    mutating func add(_ id: UInt64, _ leader: ProcessIdentity) {
        guard leader.startTicks != 0 else { return }
        let place = places[id] ?? free.popLast() ?? places.count
        places[id] = place
        put(leader, at: place)
    }

    /// Nothing of the attempt is left.
    mutating func remove(_ id: UInt64) {
        guard let place = places.removeValue(forKey: id) else { return }
        free.append(place)
        put(ProcessIdentity(pid: 0, startTicks: 0), at: place)
    }

    private func put(_ leader: ProcessIdentity, at place: Int) {
        var bytes = [UInt8](repeating: 0, count: Self.record)
        bytes.put(leader.pid, at: 0)
        bytes.put(leader.startTicks, at: 8)
        pwrite(file.number, bytes, bytes.count, off_t(Self.header + place * Self.record))
    }

    /// Nothing of any attempt is left.
    func close() { unlink(path) }

    // MARK: After a crash

    /// The sessions that a book names; none after a boot of the host.
    static func sessions(_ path: String) -> [Session] {
        guard let file = Descriptor(path: path, flags: O_RDONLY) else { return [] }
        guard file.read(at: 0, limit: header) == boot else { return [] }
        var sessions: [Session] = []
        for place in 0... {
            let bytes = file.read(at: Int64(header + place * record), limit: record)
            guard bytes.count == record else { return sessions }
            let pid: Int32 = bytes.get(0)
            if pid > 0 { sessions.append(Session(leader: ProcessIdentity(pid: pid, startTicks: bytes.get(8)))) }
        }
        return sessions
    }

    /// Ends what a book names, and removes it. False if something is left after `timeout`.
    @discardableResult
    static func end(_ path: String, timeout: Duration = .seconds(10)) async -> Bool {
        let sessions = sessions(path)
        let hasEnded = await poll(timeout: timeout) {
            let left = sessions.filter { !$0.processes().isEmpty }
            for session in left { session.send(signal: SIGKILL) }
            return left.isEmpty
        }
        if hasEnded { unlink(path) }
        return hasEnded
    }

    private static var boot: [UInt8] { Array((readSmallFile("/proc/sys/kernel/random/boot_id") ?? "").utf8.prefix(header)) }
}
