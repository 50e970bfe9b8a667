import BatchAPI
import Broker
import Glibc
import Logging
import Redis
import RedisBroker

// Drives one Job with backoffLimitPerIndex 2 and maxFailedIndexes 10,000 through the ledger without a process, against a coordinator that
// runs beside it: every index is claimed, reported, and retried as the coordinator's verdicts say. Some indexes, spread evenly, fail at
// every try. Prints the end of the Job and what it cost the coordinator. Arguments: address, completions, failing indexes, the
// coordinator's pid.

let arguments = CommandLine.arguments
guard arguments.count == 5, let address = try? RedisAddress(arguments[1]), let completions = Int(arguments[2]), let failing = Int(arguments[3]),
    let pid = Int32(arguments[4]), completions > 0, failing > 0
else {
    print("usage: policy-bench URL COMPLETIONS FAILING PID")
    exit(2)
}
var logger = Logger(label: "bench")
logger.logLevel = .error
let drive = Drive(broker: RedisBroker(address: address, name: "bench", logger: logger), completions: completions, failing: failing)
do {
    try await drive.prepare()
    let before = Cost(pid)
    let time = try await ContinuousClock().measure { try await drive.run() }
    try await drive.report(before, Cost(pid), time / .seconds(1))
    await drive.broker.close()
} catch {
    print("policy-bench: \(error)")
    exit(1)
}

/// The Job and its workers.
final class Drive: Sendable {
    static let slots = 64
    let broker: RedisBroker
    let completions: Int
    let failing: Int
    private var job: String { "policy-\(completions)-\(failing)" }

    init(broker: RedisBroker, completions: Int, failing: Int) { (self.broker, self.completions, self.failing) = (broker, completions, failing) }

    func prepare() async throws {
        try await broker.register(NodeRegistration(name: "bench", instance: job, machine: "bench", slots: Self.slots, lease: .seconds(600)))
        var spec = JobSpec(.object(["template": ["spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i"]]]]]))
        (spec.completions, spec.parallelism, spec.completionMode) = (completions, Self.slots, .indexed)
        (spec.backoffLimitPerIndex, spec.maxFailedIndexes, spec.backoffLimit) = (2, 10_000, Int(Int32.max))
        _ = try await broker.create(Job(metadata: ObjectMeta(name: job, namespace: "bench", uid: job), spec: spec), settings: LedgerSettings())
    }

    /// Whether an index is among the `failing` ones: every `stride`th.
    func fails(_ index: Int) -> Bool { index % stride == 0 && index / stride < failing }
    var stride: Int { completions / failing }

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

    func report(_ before: Cost, _ after: Cost, _ seconds: Double) async throws {
        guard let status = try await broker.job(uid: job)?.status else { return }
        let expected = IndexRanges((0..<failing).map { $0 * stride })
        let done = IndexRanges(lenient: status.completedIndexes, completions: completions)
        let isRight =
            status.failedIndexes == expected.text && status.succeeded == completions - failing && status.failed == failing * 3
            && done.count == status.succeeded && done.firstOverlap(with: expected) == nil
        let end = status.conditions.last.map { "\($0.type) (\($0.reason))" } ?? "no condition"
        let verdicts = failing * 3
        let microseconds = Int((after.cpu - before.cpu) * 1e6) / verdicts
        print(
            "\(pad(completions, 9)) \(pad(failing, 7)) \(pad(verdicts, 8)) \(pad(Int(seconds * 10), 6)) \(pad(Int(Double(completions) / seconds), 9))"
                + " \(pad(Int((after.cpu - before.cpu) * 1000), 8)) \(pad(microseconds, 10)) \(pad(after.memory, 8))  \(end), failedIndexes \(isRight ? "right" : "WRONG")")
        if !isRight { exit(1) }
    }

    private func pad(_ number: Int, _ width: Int) -> String {
        let text = "\(number)"
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// What a process has used: CPU in seconds, resident memory at its peak in MiB.
struct Cost {
    let cpu: Double
    let memory: Int

    init(_ pid: Int32) {
        let stat = Self.read("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = stat.count > 12 ? (Double(stat[11]) ?? 0) + (Double(stat[12]) ?? 0) : 0
        cpu = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        let line = Self.read("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        memory = (line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }.first ?? 0) / 1024
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
