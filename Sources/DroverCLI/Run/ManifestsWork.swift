import BatchAPI
import Broker
import Glibc
import Synchronization
import Worker

/// `run -f`: Jobs as their manifests say, output as it comes.
final class ManifestsWork: RunWork {
    let jobs: [Job]
    let settings = LedgerSettings()
    let slots = 110
    let makesPods = true
    let planner: any AttemptPlanner
    let hasHalted = false
    private let showsPrefix: Bool
    private let live = Mutex<LiveOutput?>(nil)
    private let counter = Mutex<[String: Int]>([:])

    init(_ command: RunCommand, now: Timestamp) throws {
        let manifests = try RunManifests(files: command.files, now: now)
        for warning in manifests.warnings { complain("warning: \(warning)") }
        for job in manifests.jobs where job.spec.suspend == true || job.spec.isManagedElsewhere {
            complain("job \(job.metadata.name) is \(job.spec.suspend == true ? "suspended" : "managed by others"): run would wait for ever")
            throw ExitStatus.invalid
        }
        // The Jobs go with this process anyway; until then their ends are to be seen.
        jobs = manifests.jobs.map { job in
            var job = job
            job.spec.ttlSecondsAfterFinished = nil
            return job
        }
        planner = TemplatePlanner(node: hostName(), home: environment("HOME") ?? "/")
        showsPrefix = command.prefix
    }

    func show(on output: StandardOutput) { live.withLock { $0 = LiveOutput(output: output, showsPrefix: showsPrefix) } }
    func follow() async { await live.withLock { $0 }?.run() }
    func began(_ grant: Grant, job: Job, log: String) { live.withLock { $0 }?.began(grant, log: log) }

    func ended(_ grant: Grant, job: Job, ending: Ending) async {
        counter.withLock { $0[grant.job, default: 0] += 1 }
        await live.withLock { $0 }?.ended(grant)
        if ending.result == .failed, !ending.message.isEmpty { complain("pod \(grant.pod): \(ending.reason): \(ending.message)") }
    }

    func attempts(of uid: String) -> Int { counter.withLock { $0[uid] ?? 0 } }
    var failures: [JobSummary.FailedItem]? { nil }
    func finish() async {}
}
