import CLinux
import Glibc
import Synchronization

/// The worker's side of its guardian. Every call is one write that does not wait; if the guardian is gone or stuck the call
/// throws and the worker must claim nothing until `restarted()` has given it a new one. Dropping the last reference is the
/// worker's death to the guardian.
public final class GuardianClient: Sendable {
    /// How to start a guardian.
    public struct Configuration: Sendable {
        /// The program, usually /proc/self/exe.
        public var executable: String
        /// Its arguments without argv[0], such as `["__guardian", "/sys/fs/cgroup/drover/n1"]`; it reads descriptor 3 and writes 4.
        public var arguments: [String]
        public var environment: [String: String]
        /// The node's cgroups; nil makes attempts sessions.
        public var tree: CgroupTree?
        /// Where its stderr goes.
        public var errorOutput: ProcessSpec.Output = .null

        /// The worker's own environment is passed on: the release hook may need it.
        public init(
            executable: String = "/proc/self/exe", arguments: [String], environment: [String: String] = currentEnvironment(), tree: CgroupTree?
        ) {
            (self.executable, self.arguments, self.environment, self.tree) = (executable, arguments, environment, tree)
        }
    }

    /// The guardian's process.
    public let process: RunningProcess
    /// Ends when the guardian does. For one reader.
    public let closed: AsyncStream<Never>
    private let configuration: Configuration
    private let reaper: ProcessReaper
    private let input: Descriptor
    private let covered: Mutex<Covered>
    private let fenced: FencedAttempts

    private struct Covered {
        var attempts: [UInt64: GuardianAttempt] = [:]
        var redis: ProcessIdentity?
    }

    /// Starts a guardian with nothing to guard. SIGPIPE is ignored in this process from here on.
    public static func start(_ configuration: Configuration, reaper: ProcessReaper) throws -> GuardianClient {
        try GuardianClient(configuration, reaper: reaper, covered: Covered())
    }

    private init(_ configuration: Configuration, reaper: ProcessReaper, covered: consuming Covered) throws {
        drover_ignore_broken_pipes()
        let (toRead, toWrite) = try makePipe(nonblocking: .write)
        let (answersToRead, answersToWrite) = try makePipe(nonblocking: [.read, .write])
        drover_pipe_size(toWrite.number, 1 << 20)
        process = try Self.spawn(configuration, reaper: reaper, inherited: [toRead.number, answersToWrite.number])
        (self.configuration, self.reaper, input) = (configuration, reaper, toWrite)
        self.covered = Mutex(covered)
        let fenced = FencedAttempts(pipe: answersToRead)
        self.fenced = fenced
        let (closed, end) = AsyncStream.makeStream(of: Never.self)
        self.closed = closed
        reaper.watch(answersToRead.number) {
            let isOpen = fenced.drain()
            if !isOpen { end.finish() }
            return isOpen
        }
    }

    private static func spawn(_ configuration: Configuration, reaper: ProcessReaper, inherited: [Int32]) throws -> RunningProcess {
        var environment = configuration.environment
        // A crash must not leave a debugger behind that holds the pipes.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        var spec = ProcessSpec(arguments: [configuration.executable] + configuration.arguments, environment: environment)
        (spec.inherited, spec.errorOutput) = (inherited, configuration.errorOutput)
        (spec.workingDirectory, spec.cgroup) = ("/", try configuration.tree?.leaf("guardian"))
        return try reaper.spawn(spec)
    }

    /// Whether the guardian has begun to end this attempt since it was covered: it says so before it does it, so who has seen the attempt's
    /// end gets the whole truth.
    public func hasFenced(_ id: UInt64) -> Bool {
        fenced.drain()
        return fenced.contains(id)
    }

    /// Whether the guardian has ended. Sessions and cgroups of running attempts are unguarded then.
    public var isDead: Bool { process.status != nil }

    /// Waits for the guardian's end; the worker claims nothing from then on.
    public func died() async -> ExitStatus {
        await process.exit()
    }

    /// A new guardian that covers all that this one did. The old one, if it is only stuck, is killed first: left alone it would
    /// take the loss of its pipe for the worker's death.
    public func restarted() throws -> GuardianClient {
        process.send(signal: SIGKILL)
        _ = drover_wait_readable(process.pidfd, 5000)
        let before = covered.withLock { $0 }
        let client = try GuardianClient(configuration, reaper: reaper, covered: before)
        for attempt in before.attempts.values { try client.send(.add(attempt)) }
        try client.send(.redis(before.redis))
        return client
    }

    /// Covers an attempt that is about to be spawned from `spec`, which gets what the guardian needs: call it right before `spawn`.
    /// The guardian knows of the attempt before its process can run: by its cgroup, or else by a record that the child writes before exec.
    ///
    /// - Parameter deadline: CLOCK_BOOTTIME in ms when it is ended unless renewed; 0 is never.
    public func cover(_ id: UInt64, deadline: UInt64, spec: inout ProcessSpec) throws(GuardianError) {
        spec.notAfter = deadline
        fenced.drain()
        fenced.forget(id)
        if let cgroup = spec.cgroup {
            let attempt = GuardianAttempt(id: id, place: .cgroup(cgroup.name), deadline: deadline)
            // Noted only when told: what was never started must not be handed to a successor.
            try send(.add(attempt))
            return covered.withLock { $0.attempts[id] = attempt }
        }
        guard !isDead else { throw GuardianError.gone }
        let record = GuardianRecord.add(GuardianAttempt(id: id, place: .session(.init(pid: 0, startTicks: 0)), deadline: deadline))
        spec.announcement = .init(descriptor: input.number, bytes: record.encoded, pidOffset: GuardianRecord.pidOffset)
    }

    /// Tells a client whose attempts are sessions which process it was, so that `restarted()` can name it. Needless with a cgroup.
    public func started(_ id: UInt64, deadline: UInt64, process: RunningProcess) {
        guard let leader = ProcessIdentity(pid: process.pid) else { return }
        covered.withLock { covered in
            if covered.attempts[id] == nil { covered.attempts[id] = GuardianAttempt(id: id, place: .session(leader), deadline: deadline) }
        }
    }

    /// The attempt is over: nothing of it runs.
    public func remove(_ id: UInt64) throws(GuardianError) {
        covered.withLock { _ = $0.attempts.removeValue(forKey: id) }
        fenced.forget(id)
        try send(.remove(id))
    }

    /// A new deadline for every attempt: CLOCK_BOOTTIME in ms, counted from when the renewal was *sent*; 0 is none.
    public func renewAll(deadline: UInt64) throws(GuardianError) {
        covered.withLock { covered in for id in covered.attempts.keys { covered.attempts[id]!.deadline = deadline } }
        try send(.renewAll(deadline: deadline))
    }

    /// Names the private redis-server that the guardian ends after all attempts; nil if it has none any more.
    public func guardRedis(pid: Int32?) throws(GuardianError) {
        let redis = pid.flatMap { ProcessIdentity(pid: $0) }
        covered.withLock { $0.redis = redis }
        try send(.redis(redis))
    }

    /// Clean shutdown: the guardian ends what is left, the redis-server, and itself. Killed if it takes longer than `grace`.
    public func shutdown(grace: Duration) async {
        try? send(.bye)
        let ended = await poll(timeout: grace) { process.status != nil }
        if !ended { process.send(signal: SIGKILL) }
        _ = await process.exit()
    }

    private func send(_ record: GuardianRecord) throws(GuardianError) {
        let bytes = record.encoded
        while true {
            let written = write(input.number, bytes, bytes.count)
            if written == bytes.count { return }
            if written < 0 && errno == EINTR { continue }
            throw errno == EAGAIN ? GuardianError.stuck : GuardianError.gone
        }
    }
}

/// Why the guardian did not take a message.
public enum GuardianError: Error, Sendable, Equatable {
    /// Its process has ended.
    case gone
    /// It has not read its pipe for thousands of messages.
    case stuck
    /// No pipe could be made: the errno.
    case pipe(Int32)
}

struct PipeEnds: OptionSet {
    var rawValue: Int32
    static let read = PipeEnds(rawValue: 1)
    static let write = PipeEnds(rawValue: 2)
}

func makePipe(nonblocking ends: PipeEnds) throws(GuardianError) -> (read: Descriptor, write: Descriptor) {
    var numbers: [Int32] = [-1, -1]
    let result = drover_pipe(&numbers, ends.rawValue)
    guard result == 0 else { throw .pipe(-result) }
    return (Descriptor(owning: numbers[0]), Descriptor(owning: numbers[1]))
}

/// The environment of this process.
public func currentEnvironment() -> [String: String] {
    var environment: [String: String] = [:]
    guard var entry = drover_environment() else { return environment }
    while let text = entry.pointee {
        let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if pair.count == 2 { environment[String(pair[0])] = String(pair[1]) }
        entry += 1
    }
    return environment
}
