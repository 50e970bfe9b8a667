import CHiredis
import CLinux
import Glibc
import Logging
import Synchronization

/// The thread of one connection: runs jobs, sends, polls and receives, in turn.
///
/// Not Sendable: all but `thread`, `mailbox` and `outstanding` belong to the loop's own thread.
final class ConnectionLoop {
    /// Where the connection stands.
    enum Phase {
        case idle(retryAt: Int64)
        case connecting
        case handshake(Handshake, deadline: Int64)
        case prologue(Task<Void, Never>)
        case ready
    }

    /// Something else that the thread waits for.
    struct Companion: Sendable {
        let descriptor: Int32
        let handle: @Sendable () -> Void
        /// The thread ends: somebody else has to look.
        let leave: @Sendable () -> Void
    }

    let address: RedisAddress
    let options: RedisConnection.Options
    let logger: Logger
    let wakeUp: WakeUp
    let mailbox: Mailbox
    /// The loop's thread, 0 while there is none: code that runs on it needs no mailbox.
    let thread = Atomic<UInt>(0)
    /// Calls admitted and not yet forgotten.
    let outstanding = Atomic<Int>(0)
    let identity = Mutex<ServerIdentity?>(nil)

    /// The executor that jobs are told they run on; kept alive by the running loop.
    var connection: RedisConnection?
    var phase = Phase.idle(retryAt: 0)
    var pipeline = Pipeline()
    /// Calls made on this thread since the last turn.
    var arrivals: [PendingCall] = []
    var jobs: [UnownedJob] = []
    var socket: Socket?
    var decoder = ReplyDecoder()
    var backoff: Backoff
    var now: Int64 = 0
    var heardAt: Int64 = 0
    /// Counts the connections made; 0 stands for any.
    var generation: UInt64 = 0
    var failure: RedisError?
    var closers: [UnsafeContinuation<Void, Never>] = []
    /// How many calls came into the pipeline, and how many of them are known to have left it.
    var admitted = 0
    var settled = 0
    /// Whether the last sleep found something to read.
    var readable = false
    /// What this thread looks at beside its socket.
    var companions: [Companion] = []
    private var polls: [pollfd] = []
    private var mail = Mail()
    private var runningJobs: [UnownedJob] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)

    init(address: RedisAddress, options: RedisConnection.Options, logger: Logger) {
        self.address = address
        self.options = options
        self.logger = logger
        wakeUp = WakeUp()
        mailbox = Mailbox(wakeUp: wakeUp)
        backoff = Backoff(minimum: options.reconnectMin.nanoseconds, maximum: options.reconnectMax.nanoseconds)
    }

    deinit { buffer.deallocate() }

    /// Whether the caller runs on the loop's thread, and the loop still runs.
    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// The body of the thread: turns until closed.
    func run(for connection: RedisConnection) {
        self.connection = connection
        drover_thread_name("redis")
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        while closers.isEmpty { turn() }
        shutDown()
    }

    private func turn() {
        mailbox.take(&mail)
        runJobs()
        now = Clock.now()
        admit()
        advance()
        flush()
        sleep()
        receive()
        expire()
        settle()
    }

    private func runJobs() {
        jobs.append(contentsOf: mail.jobs)
        guard !jobs.isEmpty, let connection else { return }
        // Jobs that these jobs add wait for the next turn, so that the socket is served in between.
        swap(&jobs, &runningJobs)
        let executor = connection.asUnownedTaskExecutor()
        for (number, job) in runningJobs.enumerated() {
            job.runSynchronously(on: executor)
            if number == 3 { giveHeadStart() }
        }
        runningJobs.removeAll(keepingCapacity: true)
    }

    /// A server that has answered everything would wait while all jobs run: it gets the first calls ahead of the others.
    private func giveHeadStart() {
        guard case .ready = phase, pipeline.inFlight.isEmpty, !arrivals.isEmpty else { return }
        now = Clock.now()
        for call in arrivals { admit(call) }
        arrivals.removeAll(keepingCapacity: true)
        flush()
    }

    private func admit() {
        for call in mail.calls { admit(call) }
        for call in arrivals { admit(call) }
        arrivals.removeAll(keepingCapacity: true)
        if !mail.cancelled.isEmpty { cancel(mail.cancelled) }
        for event in mail.events { handle(event) }
        mail.removeAll()
    }

    private func sleep() {
        let mayRest = closers.isEmpty && jobs.isEmpty && mailbox.prepareToSleep()
        let limit = mayRest ? Clock.pollTimeout(until: wakeTime, now: Clock.now()) : 0
        let socketEvents = Int16(POLLIN) | (pipeline.output.count > 0 ? Int16(POLLOUT) : 0)
        polls.removeAll(keepingCapacity: true)
        polls.append(pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0))
        polls.append(pollfd(fd: socket?.descriptor ?? -1, events: socketEvents, revents: 0))
        for companion in companions { polls.append(pollfd(fd: companion.descriptor, events: Int16(POLLIN), revents: 0)) }
        let count = polls.withUnsafeMutableBufferPointer { poll($0.baseAddress, nfds_t($0.count), limit) }
        now = Clock.now()
        readable = count > 0 && polls[1].revents & ~Int16(POLLOUT) != 0
        guard count > 0 else { return }
        if polls[0].revents != 0 { wakeUp.clear() }
        for (at, companion) in companions.enumerated() where polls[at + 2].revents != 0 { companion.handle() }
    }

    /// When the loop has to look again although nothing happens.
    private var wakeTime: Int64 {
        switch phase {
        case .idle(let retryAt): min(retryAt, pipeline.nextDeadline)
        case .handshake(_, let deadline): min(deadline, pipeline.nextDeadline)
        case .connecting, .prologue, .ready: pipeline.nextDeadline
        }
    }

    private func shutDown() {
        // From here on, jobs and calls of this thread go the way of all others: to the global pool, or refused.
        thread.store(0, ordering: .relaxed)
        mailbox.stop(&mail)
        for event in mail.events { handle(event) }
        let closed = RedisError(.closed, "the connection was closed")
        drop(closed, retryAfter: .max)
        end(pipeline.refuseWaiting()) { _ in closed }
        for call in mail.calls + arrivals { call.resume(.failure(closed)) }
        for job in jobs + mail.jobs { globalConcurrentExecutor.enqueue(job) }
        connection = nil
        for companion in companions { companion.leave() }
        companions = []
        for closer in closers { closer.resume() }
    }
}
