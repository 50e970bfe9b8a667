import BatchAPI
import Broker
import Glibc
import KubernetesAPI
import Synchronization
import Worker

/// `run -- COMMAND`: one command per item, or once. The items stay here; the Job knows their numbers only.
final class ItemsWork: RunWork {
    let jobs: [Job]
    let settings: LedgerSettings
    let slots: Int
    let makesPods = false
    let planner: any AttemptPlanner
    private let source: ItemSource
    private let retries: Int
    private let keepsOrder: Bool
    private let joblog: JobLog?
    private let state: Mutex<State>

    private struct State {
        var output: GroupedOutput?
        var order: OrderedOutput
        /// Logs of finished items that are not yet shown, by item; only with -k.
        var logs: [Int: [String]] = [:]
        /// Logs whose turn has come. One task at a time shows them, or one would overtake another.
        var ready: [String] = []
        var isShowing = false
        var halt: Halt
        var record = RunRecord()
        /// How often items that are tried again have failed.
        var failures: [Int: Int] = [:]

        mutating func takeReady() -> [String] {
            defer { ready = [] }
            isShowing = !ready.isEmpty
            return ready
        }
    }

    /// Failed items that are remembered for the summary.
    private static let failureLimit = 100_000

    init(_ command: RunCommand) throws {
        let parallel = command.parallel ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
        do {
            let table = try command.items.map { path throws(ItemError) in try ItemTable(path: path, nulSeparated: command.nulSeparated) }
            joblog = try command.joblog.map { path throws(JobLogError) in try JobLog(path: path, resume: command.resume) }
            let done = joblog?.succeeded ?? ItemSet()
            source = ItemSource(table: table, skipping: done, command: RawArguments.last(command.command.count))
            state = Mutex(State(order: OrderedOutput(skipping: done), halt: Halt(after: command.halt)))
        } catch {
            complain("drover run: \(error)")
            throw ExitStatus.invalid
        }
        (retries, keepsOrder, slots) = (command.retries ?? 0, command.keepOrder, max(1, min(parallel, max(source.count, 1))))
        settings = LedgerSettings(
            yieldsPlace: true, retryDelay: Int(command.retryDelay?.milliseconds ?? 0), ignoresDisruptions: true, isPerIndex: true, runsInChunks: true)
        jobs = [Self.job(count: source.count, parallelism: slots, retries: retries)]
        planner = ItemPlanner(source: source, environment: currentEnvironment(), folder: workingFolder())
    }

    /// An Indexed Job with retries of its own for each index; the limits of V9 do not hold here.
    private static func job(count: Int, parallelism: Int, retries: Int) -> Job {
        let template: Value = ["spec": ["restartPolicy": "Never", "containers": [["name": "main", "image": "host"]]]]
        let value: Value = [
            "metadata": ["name": "run"],
            "spec": [
                "completions": .int(Int64(count)), "parallelism": .int(Int64(parallelism)), "completionMode": "Indexed",
                "backoffLimitPerIndex": .int(Int64(retries)), "template": template,
            ],
        ]
        return Job(JobDefaults.apply(to: value, uid: makeUUID(), now: APIOptions.wallClock()))
    }

    var hasHalted: Bool { state.withLock { $0.halt.isReached } }

    func record(of uid: String) -> RunRecord {
        var record = state.withLock { $0.record }
        record.failures.sort { $0.item.index ?? 0 < $1.item.index ?? 0 }
        return record
    }

    func show(on output: StandardOutput) { state.withLock { $0.output = GroupedOutput(output: output) } }
    func follow() async {}
    func began(_ grant: Grant, job: Job, log: String) {}

    func ended(_ grant: Grant, job: Job, ending: Ending) async {
        guard let index = grant.items?.lowerBound, ending.result != .released else { return }
        let item = source.item(at: index)
        let (isFinal, tries) = count(item, ending)
        if isFinal { note(item, ending) }
        if isFinal && ending.result == .failed { noteFailure(item, grant, ending, tries: tries) }
        await show(item, ending.log, isFinal: isFinal)
    }

    /// - Returns: whether it was the item's last attempt, and how many there were that count.
    private func count(_ item: Int, _ ending: Ending) -> (isFinal: Bool, tries: Int) {
        state.withLock { state in
            state.record.attempts += 1
            let before = retries > 0 ? state.failures[item] ?? 0 : 0
            if ending.result == .succeeded { state.record.succeeded += 1 }
            if ending.result == .failed, !ending.disruption.isEmpty { return (false, before) }
            let isFinal = ending.result == .succeeded || before >= retries
            if retries > 0 { state.failures[item] = isFinal ? nil : before + 1 }
            return (isFinal, before + 1)
        }
    }

    private func note(_ item: Int, _ ending: Ending) {
        guard let joblog else { return }
        let start = ending.startedAt ?? ending.finishedAt
        var line = JobLogLine(
            sequence: item + 1, host: hostName(), startedAt: start, runtime: ending.finishedAt - start, exitCode: ending.exitCode, signal: 0,
            command: (try? source.arguments(item)) ?? [])
        if let signal = ending.signal { (line.exitCode, line.signal) = (0, signal) }
        do { try joblog.append(line) } catch { complain("drover run: \(error)") }
    }

    private func noteFailure(_ item: Int, _ grant: Grant, _ ending: Ending, tries: Int) {
        let failed = JobSummary.FailedItem(
            index: item, text: source.bytes(item), end: .init(ending), node: hostName(), tries: tries,
            tail: ending.log.map { LogReader.tail(path: $0) } ?? [])
        state.withLock { state in
            _ = state.halt.itemFailed()
            state.record.failed += 1
            guard state.record.failures.count < Self.failureLimit else { return state.record.others += 1 }
            state.record.failures.append(RunRecord.Failure(item: failed, token: grant.token, finishedAt: ending.finishedAt))
        }
    }

    /// At once, or with -k when its turn has come.
    private func show(_ item: Int, _ log: String?, isFinal: Bool) async {
        guard let output = state.withLock({ $0.output }) else { return }
        guard keepsOrder else {
            if let log { await output.show(log) }
            return
        }
        var ready = state.withLock { state in
            if let log { state.logs[item, default: []].append(log) }
            if isFinal { state.ready += Self.inTurn(&state, item) }
            return state.isShowing ? [] : state.takeReady()
        }
        while !ready.isEmpty {
            for log in ready { await output.show(log) }
            ready = state.withLock { $0.takeReady() }
        }
    }

    private static func inTurn(_ state: inout State, _ item: Int) -> [String] {
        state.order.finished(item)
        var ready: [String] = []
        while let next = state.order.next() { ready += state.logs.removeValue(forKey: next) ?? [] }
        return ready
    }

    /// A run that was stopped shows what it has.
    func finish() async {
        let (output, rest) = state.withLock { state -> (GroupedOutput?, [String]) in
            (state.output, state.logs.keys.sorted().flatMap { state.logs[$0]! })
        }
        for log in rest { await output?.show(log) }
    }
}

extension JobSummary.FailedItem.End {
    init(_ ending: Ending) {
        if let signal = ending.signal { self = .signal(signal) } else if ending.reason == "Error" { self = .exit(ending.exitCode) } else {
            self = .other(ending.message.isEmpty ? ending.reason : ending.message)
        }
    }
}

/// Where `run` was called.
func workingFolder() -> String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}
