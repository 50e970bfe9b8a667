import BatchAPI
import Broker
import CLinux
import Glibc
import Logging
import Synchronization

/// What the loops of one node share.
final class NodeContext: Sendable {
    let broker: any Broker
    let planner: any AttemptPlanner
    let observer: (any AttemptObserver)?
    let options: WorkerOptions
    let instance: String
    let folder: DataFolder
    let logger: Logger
    let tree: CgroupTree?
    let reaper: ProcessReaper
    let recorder = LogRecorder()
    let attempts = AttemptTable()
    let parking = Parking()
    let admission = Admission()
    let jobs = JobCache()
    let announcer = Announcer()
    /// Of the heartbeat.
    let pulse = Pulse()

    /// CLOCK_BOOTTIME in ms when the guardian ends every attempt, unless the lease is renewed.
    let deadline = Atomic<UInt64>(0)
    private let guardian: Mutex<GuardianClient>

    init(
        broker: any Broker, planner: any AttemptPlanner, observer: (any AttemptObserver)?, options: WorkerOptions, host: NodeHost, logger: Logger
    ) {
        (self.broker, self.planner, self.observer, self.options, self.logger) = (broker, planner, observer, options, logger)
        (instance, folder, tree, reaper) = (host.instance, host.folder, host.tree, host.reaper)
        guardian = Mutex(host.guardian)
    }

    var restarts: RestartBackoff { options.restarts }

    // MARK: Guardian

    var currentGuardian: GuardianClient { guardian.withLock { $0 } }

    func replaceGuardian(_ client: GuardianClient) { guardian.withLock { $0 = client } }

    func cover(_ id: UInt64, _ spec: inout ProcessSpec) throws(GuardianError) {
        try currentGuardian.cover(id, deadline: deadline.load(ordering: .relaxed), spec: &spec)
    }

    /// It does not start after the deadline.
    func limit(_ spec: inout ProcessSpec) { spec.notAfter = deadline.load(ordering: .relaxed) }

    func uncover(_ id: UInt64) { try? currentGuardian.remove(id) }

    func started(_ id: UInt64, _ process: RunningProcess) {
        currentGuardian.started(id, deadline: deadline.load(ordering: .relaxed), process: process)
    }

    /// Whether the guardian has ended what it covers by this name. What it says holds whatever the status: between the death of a child and
    /// its own a shell may still have ended by itself. A guardian that could not say so has removed the cgroup, or the time was up.
    func isFenced(_ id: UInt64, _ cgroup: Cgroup?, _ status: ExitStatus) -> Bool {
        if currentGuardian.hasFenced(id) { return true }
        guard status == .signaled(SIGKILL) else { return false }
        if let cgroup, !cgroup.exists { return true }
        let deadline = deadline.load(ordering: .relaxed)
        return deadline > 0 && drover_boottime_ms() >= deadline
    }

    // MARK: News of attempts

    /// The attempt's first container runs: told once, a little later, so that short lives cost no call.
    func announce(_ attempt: Attempt, log: String) {
        observer?.began(attempt.grant, job: attempt.job, log: log)
        if options.makesPods { announcer.add(attempt) }
    }

    /// A restart in place. Lost news are made good by the report.
    func tell(_ attempt: Attempt, restarts: Int, isRunning: Bool, exitCode: Int) async {
        _ = try? await broker.progress(
            Progress(
                job: attempt.grant.job, token: attempt.grant.token, instance: instance, startedAgo: 0, restarts: restarts, isRunning: isRunning,
                lastExitCode: exitCode))
    }
}

/// The Jobs whose attempts run here, by revision.
final class JobCache: Sendable {
    private let jobs = Mutex<[String: (revision: String, job: Job)]>([:])
    private static let limit = 256

    func job(_ grant: Grant, from broker: any Broker) async throws(BrokerError) -> Job? {
        if let known = jobs.withLock({ $0[grant.job] }), known.revision == grant.revision { return known.job }
        guard let job = try await broker.job(uid: grant.job) else { return nil }
        jobs.withLock { jobs in
            if jobs.count >= Self.limit { jobs.removeAll() }
            jobs[grant.job] = (grant.revision, job)
        }
        return job
    }
}
