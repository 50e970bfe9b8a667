import BatchAPI
import Broker
import Glibc
import RedisBroker
import Synchronization
import Worker

/// `run -f`: Jobs as their manifests say, output as it comes.
final class ManifestsWork: RunWork, RestartObserver {
    let jobs: [Job]
    let settings = LedgerSettings()
    let slots = 110
    let makesPods = true
    let planner: any AttemptPlanner
    let hasHalted = false
    private let showsPrefix: Bool
    private let items: ItemExchange?
    private let output = Mutex<StandardOutput?>(nil)
    private let live = Mutex<LiveOutput?>(nil)
    private let books = Mutex<[String: AttemptBook]>([:])
    private let running = Mutex<[AttemptKey: Running]>([:])

    private struct Running {
        /// Of the last two containers.
        var logs: [String] = []
        /// Of the last container that has failed.
        var exitCode: Int?
    }

    init(_ command: RunCommand, now: Timestamp) throws {
        let manifests = try RunManifests(files: command.files, now: now, takesItems: command.items != nil)
        for warning in manifests.warnings { complain("warning: \(warning)") }
        for job in manifests.jobs where job.spec.suspend == true || job.spec.isManagedElsewhere {
            complain("job \(job.metadata.name) is \(job.spec.suspend == true ? "suspended" : "managed by others"): run would wait for ever")
            throw ExitStatus.invalid
        }
        do {
            items = try command.items.map { path throws(ItemError) in
                try ItemExchange(items: path, nulSeparated: command.nulSeparated, results: command.results)
            }
        } catch {
            complain("drover run: \(error)")
            throw ExitStatus.invalid
        }
        // The Jobs go with this process anyway; until then their ends are to be seen.
        jobs = manifests.jobs.map { job in
            var job = job
            job.spec.ttlSecondsAfterFinished = nil
            return job
        }
        var rules = HostRules.open
        // What the files do not have never comes.
        (rules.makesClaims, rules.waitsForObjects) = (true, false)
        planner = TemplatePlanner(node: hostName(), home: environment("HOME") ?? "/", rules: rules, objects: manifests.objects)
        showsPrefix = command.prefix
    }

    func show(on output: StandardOutput) {
        self.output.withLock { $0 = output }
        live.withLock { $0 = LiveOutput(output: output, showsPrefix: showsPrefix) }
    }

    func exchange(_ broker: RedisBroker, lost: @escaping @Sendable (String) async -> Void) async {
        await items?.run(jobs[0], broker, output.withLock { $0 }, lost: lost)
    }

    func follow() async { await live.withLock { $0 }?.run() }

    func began(_ grant: Grant, job: Job, log: String) {
        let key = AttemptKey(grant)
        running.withLock { $0[key, default: Running()].logs = ($0[key]?.logs ?? []).suffix(1) + [log] }
        live.withLock { $0 }?.began(grant, log: log)
    }

    func restarts(_ grant: Grant, exitCode: Int) { running.withLock { $0[AttemptKey(grant)]?.exitCode = exitCode } }

    func ended(_ grant: Grant, job: Job, ending: Ending) async {
        let last = running.withLock { $0.removeValue(forKey: AttemptKey(grant)) } ?? Running()
        let tail = ending.result == .failed ? Self.tail(last.logs) : []
        books.withLock { $0[grant.job, default: AttemptBook()].add(grant, ending, before: last.exitCode, node: hostName(), tail: tail) }
        await live.withLock { $0 }?.ended(grant)
        if ending.result == .failed, !ending.message.isEmpty, !ending.isDrained { complain("\(Self.name(grant)): \(ending.reason): \(ending.message)") }
    }

    private static func name(_ grant: Grant) -> String { grant.pod.isEmpty ? "item \(grant.items?.lowerBound ?? 0)" : "pod \(grant.pod)" }

    /// A container that was ended before it could say anything has one before it that did.
    private static func tail(_ logs: [String]) -> [UInt8] {
        logs.reversed().lazy.map { LogReader.tail(path: $0) }.first { !$0.isEmpty } ?? []
    }

    func record(of uid: String) -> RunRecord { books.withLock { $0[uid]?.record } ?? RunRecord() }
    func finish() async {}
}
