import BatchAPI
import Broker
import RedisBroker

/// One Job with backoffLimitPerIndex 2 and maxFailedIndexes 10,000, and its workers: every index is claimed, reported, and retried as the
/// leader's verdicts say. Some indexes fail at every try.
final class Drive: Sendable {
    static let slots = 64
    let broker: RedisBroker
    let completions: Int
    /// Every `stride`th index from `first` on, so many of them.
    let failing: (count: Int, first: Int, stride: Int)
    private var job: String { "policy-\(completions)" }

    init(broker: RedisBroker, completions: Int, failing: Int, among last: Int) {
        (self.broker, self.completions) = (broker, completions)
        self.failing = (failing, completions - last, last / failing)
    }

    func prepare() async throws {
        try await broker.register(NodeRegistration(name: "bench", instance: job, machine: "bench", slots: Self.slots, lease: .seconds(600)))
        var spec = JobSpec(.object(["template": ["spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i"]]]]]))
        (spec.completions, spec.parallelism, spec.completionMode) = (completions, Self.slots, .indexed)
        (spec.backoffLimitPerIndex, spec.maxFailedIndexes, spec.backoffLimit) = (2, 10_000, Int(Int32.max))
        _ = try await broker.create(Job(metadata: ObjectMeta(name: job, namespace: "bench", uid: job), spec: spec), settings: LedgerSettings())
    }

    private func fails(_ index: Int) -> Bool {
        let place = index - failing.first
        return place >= 0 && place % failing.stride == 0 && place / failing.stride < failing.count
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in 0..<Self.slots {
                group.addTask(executorPreference: broker.connection) { [self] in try await work(slot) }
            }
            try await group.waitForAll()
        }
    }

    /// Claims and reports until the Job has ended; waits a little where there is nothing to claim.
    private func work(_ slot: Int) async throws {
        var sequence: Int64 = 0
        func request() -> ClaimRequest {
            sequence += 1
            return ClaimRequest(node: "bench", instance: job, slot: slot, sequence: sequence, items: 1, podUID: "\(job)-\(slot)-\(sequence)", job: job)
        }
        var next = try await broker.claim(request())
        while true {
            guard case .granted(let grant) = next else {
                guard let stored = try await broker.job(uid: job), !stored.status.isFinished else { return }
                try await Task.sleep(for: .milliseconds(5))
                next = try await broker.claim(request())
                continue
            }
            let isFailure = fails(grant.items?.lowerBound ?? 0)
            var report = Report(request(), job: job, token: grant.token, result: isFailure ? .failed : .succeeded)
            if isFailure { report.exitCode = 1 }
            next = try await broker.report(report, claiming: true).next ?? .nothing(next: nil)
        }
    }

    /// - Returns: how the Job ended, and whether its counters and index texts are what they must be.
    func end() async throws -> (text: String, isRight: Bool) {
        guard let status = try await broker.job(uid: job)?.status else { return ("gone", false) }
        let expected = IndexRanges((0..<failing.count).map { failing.first + $0 * failing.stride })
        let done = IndexRanges(lenient: status.completedIndexes, completions: completions)
        let isRight =
            status.failedIndexes == expected.text && status.succeeded == completions - failing.count && status.failed == failing.count * 3
            && done.count == status.succeeded && done.firstOverlap(with: expected) == nil
        let end = status.conditions.last.map { "\($0.type) (\($0.reason))" } ?? "no condition"
        return ("\(end), failedIndexes \(isRight ? "right" : "WRONG")", isRight)
    }
}
