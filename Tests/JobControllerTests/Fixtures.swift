import BatchAPI
import JobController
import Testing

/// The time of every look in these tests.
let now = Timestamp(milliseconds: 1_800_000_000_000)

func ago(_ seconds: Double) -> Timestamp { now.adding(milliseconds: Int64((-seconds * 1000).rounded())) }

/// What comes of a Job and its tally.
func look(_ job: Job, _ tally: Tally = Tally(), options: Options = Options(), at time: Timestamp = now) -> Plan {
    JobController.reconcile(job, tally, options: options, now: time)
}

/// `count` attempts that failed long ago with exit code 1, tokens from 1.
func failures(_ count: Int, ago seconds: Double = 3600, exit: Int? = 1, disruption: Bool = false) -> [Outcome] {
    (1...count).map {
        Outcome(token: Int64($0), index: $0 - 1, pod: "j-\($0)", finishedAt: ago(seconds), exits: [.init("main", exit)],
            conditions: disruption ? ["DisruptionTarget": "True"] : [:])
    }
}

/// One failed attempt of an index: `fail(0, after: 1)` is `F@0#1` of the scenarios.
func fail(_ index: Int?, after failures: Int = 0, token: Int64 = 1, ago seconds: Double = 3600, exit: Int? = 1) -> Outcome {
    Outcome(token: token, index: index, pod: "j-\(token)", finishedAt: ago(seconds), exits: [.init("main", exit)], indexFailures: failures)
}

extension Job {
    private static func started(_ spec: [String: Value], _ edit: (inout Job) -> Void) -> Job {
        var spec = spec
        spec["template"] = ["spec": ["restartPolicy": "Never", "containers": [["name": "main"]]]]
        var job = Job(metadata: ObjectMeta(name: "j", namespace: "ns", uid: "u"), spec: JobSpec(.object(spec)))
        job.status.startTime = ago(3600)
        edit(&job)
        return job
    }

    /// NI(C,P,L) of the scenarios: NonIndexed, started an hour ago.
    static func ni(_ completions: Int64, _ parallelism: Int64, _ limit: Int64 = 6, _ edit: (inout Job) -> Void = { _ in }) -> Job {
        started(["completions": .int(completions), "parallelism": .int(parallelism), "backoffLimit": .int(limit)], edit)
    }

    /// WQ(P,L): a work queue.
    static func wq(_ parallelism: Int64, _ limit: Int64 = 6, _ edit: (inout Job) -> Void = { _ in }) -> Job {
        started(["parallelism": .int(parallelism), "backoffLimit": .int(limit)], edit)
    }

    /// IX(C,P,L): Indexed; the default limit is 6, or none with a limit per index.
    static func ix(
        _ completions: Int64, _ parallelism: Int64, _ limit: Int64? = nil, perIndex: Int64? = nil, _ edit: (inout Job) -> Void = { _ in }
    ) -> Job {
        var spec: [String: Value] = ["completionMode": "Indexed", "completions": .int(completions), "parallelism": .int(parallelism)]
        spec["backoffLimit"] = limit.map { .int($0) } ?? (perIndex == nil ? 6 : 2_147_483_647)
        spec["backoffLimitPerIndex"] = perIndex.map { .int($0) }
        return started(spec, edit)
    }

    /// Adds a stored condition.
    mutating func has(_ type: String, _ reason: String = "", status: String = "True", message: String = "", at time: Timestamp = ago(60)) {
        self.status.conditions.append(JobCondition(type: type, status: status, reason: reason, message: message, at: time))
    }

    mutating func restartsOnFailure() { spec.template.spec.restartPolicy = "OnFailure" }
    mutating func suspends() { (spec.suspend, status.startTime) = (true, nil) }
}

extension Plan {
    /// The decision in one line: gate and permits; counters; index texts; conditions; cut; verdicts as token, Retry, Fail or Drop, + if counted.
    var summary: String {
        var parts = ["\(gate.text) p\(permits)", status.counters]
        if !status.completedIndexes.isEmpty || status.failedIndexes != nil {
            parts.append("[\(status.completedIndexes)|\(status.failedIndexes ?? "-")]")
        }
        parts += status.conditions.map { "\($0.type)\($0.isTrue ? "" : "=" + $0.status)(\($0.reason))" }
        if let cut { parts.append("cut \(cut)") }
        parts += verdicts.map { "\($0.token)\($0.fate.letter)\($0.isCounted ? "+" : "-")" }
        return parts.joined(separator: " ")
    }

    var eventTexts: [String] { events.map { "\($0.type) \($0.reason) \($0.message)" } }
}

extension Gate {
    var text: String {
        switch self {
        case .open: "open"
        case .shut(let reason): "shut \(reason)"
        }
    }
}

extension JobStatus {
    var counters: String { "a\(active) r\(ready ?? -1) t\(terminating ?? -1) s\(succeeded) f\(failed)" }
}

extension Verdict.Fate {
    var letter: String {
        switch self {
        case .retry: "R"
        case .failIndex: "F"
        case .drop: "D"
        }
    }
}

/// One row of a table: a scenario, and the summary of the plan that it asks for.
struct Row: Sendable, CustomTestStringConvertible {
    var id: String
    var job: Job
    var tally: Tally
    var expected: String
    var options = Options()

    init(_ id: String, _ job: Job, _ tally: Tally, _ expected: String, options: Options = Options()) {
        (self.id, self.job, self.tally, self.expected, self.options) = (id, job, tally, expected, options)
    }

    var testDescription: String { id }

    func check(_ location: SourceLocation = #_sourceLocation) {
        #expect(look(job, tally, options: options).summary == expected, "\(id)", sourceLocation: location)
    }
}
