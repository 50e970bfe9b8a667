import BatchAPI
import Broker
import RedisBroker
import Simulation
import Support
import Testing

/// The brokers, which must behave alike.
enum Kind: CaseIterable, CustomTestStringConvertible {
    case redis, memory

    var testDescription: String { self == .redis ? "Redis" : "memory" }
}

/// Runs a test with a broker of its own, a leader elected and node `n` registered.
func withStage(_ kind: Kind, _ body: (Stage) async throws -> Void) async throws {
    switch kind {
    case .memory:
        try await body(try await Stage(MemoryBroker()))
    case .redis:
        let server = RedisServer()
        let broker = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        do { try await body(try await Stage(broker)) } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }
}

/// A broker and short ways to act on it.
final class Stage {
    let broker: any Broker
    private(set) var epoch: Int64 = 0
    private var sequences: [String: Int64] = [:]
    private var all = [""]

    init(_ broker: any Broker) async throws {
        self.broker = broker
        epoch = try await broker.elect(Candidate(instance: "leader", address: "here")).epoch
        try await register("n")
    }

    func register(_ name: String, instance: String? = nil, machine: String = "m") async throws {
        try await broker.register(
            NodeRegistration(name: name, instance: instance ?? name + "1", machine: machine, slots: 1000, lease: .seconds(30)))
    }

    /// Stores a Job, uid as its name, and opens its gate unless `permits` is nil.
    @discardableResult
    func job(
        _ uid: String = "u", completions: Int? = 10, permits: Int? = 3, perIndex: Int? = nil, onlyFailed: Bool = false,
        runtime: RuntimeClass = .process, asking: Value = .object([:]), weight: String? = nil, settings: LedgerSettings = LedgerSettings()
    ) async throws -> Job {
        var job = Self.job(uid, completions: completions, perIndex: perIndex, onlyFailed: onlyFailed, runtime: runtime)
        for (name, value) in asking.object ?? [:] { job.spec.template.spec.raw[name] = value }
        job.metadata.annotations[JobShare.annotation] = weight
        let stored = try await broker.create(job, settings: settings)
        if runtime.takesChunks { try await takeAll() }
        if let permits { try await open(uid, permits: permits) }
        return stored
    }

    static func job(
        _ uid: String, namespace: String = "default", completions: Int? = 10, perIndex: Int? = nil, onlyFailed: Bool = false,
        runtime: RuntimeClass = .process
    ) -> Job {
        var spec = JobSpec(.object(["template": ["spec": ["restartPolicy": "Never", "runtimeClassName": .string(runtime.rawValue)]]]))
        (spec.completions, spec.parallelism, spec.backoffLimit, spec.backoffLimitPerIndex) = (completions, 1000, 6, perIndex)
        if completions != nil { spec.completionMode = .indexed }
        if onlyFailed { spec.podReplacementPolicyText = "Failed" }
        return Job(metadata: ObjectMeta(name: uid, namespace: namespace, uid: uid), spec: spec)
    }

    /// The leader's decision from the present state.
    func decide(_ uid: String = "u", _ change: (inout Decision) -> Void) async throws {
        let state = try #require(try await broker.state(uid: uid))
        var decision = Decision(uid: uid, epoch: epoch, version: state.version)
        (decision.gate, decision.permits, decision.notBefore, decision.failuresSinceSuccess) = ("", 3, state.notBefore, state.failuresSinceSuccess)
        decision.seenSuccess = state.newestSuccess ?? Timestamp(milliseconds: 0)
        change(&decision)
        try await broker.decide(decision)
    }

    func open(_ uid: String = "u", permits: Int) async throws { try await decide(uid) { $0.permits = permits } }

    func state(_ uid: String = "u") async throws -> LedgerState { try #require(try await broker.state(uid: uid)) }

    /// The next call of a slot.
    func request(
        _ slot: Int = 0, node: String = "n", items: Int = 1, pod: String? = nil, job: String? = nil, classes: [String]? = nil, takesHandouts: Bool = false
    ) -> ClaimRequest {
        let sequence = sequences["\(node)/\(slot)", default: 0] + 1
        sequences["\(node)/\(slot)"] = sequence
        return ClaimRequest(
            node: node, instance: node + "1", slot: slot, sequence: sequence, items: items, podUID: pod ?? "\(node)-\(slot)-\(sequence)", job: job,
            classes: classes ?? all, takesHandouts: takesHandouts)
    }

    /// A grant, nil if there is nothing to start.
    func claim(
        _ slot: Int = 0, node: String = "n", items: Int = 1, pod: String? = nil, job: String? = nil, classes: [String]? = nil
    ) async throws -> Grant? {
        try await broker.claim(request(slot, node: node, items: items, pod: pod, job: job, classes: classes)).grant
    }

    /// From here on claims that don't say of which classes are of all.
    func takeAll() async throws { all = [""] + (try await broker.classes(node: "n", epoch: "", after: 0).classes.map(\.id)) }

    /// The ids of the classes that the store tells of, by the value of their `nodeSelector`'s one label.
    func classes(node: String = "n", epoch: String = "", after number: Int64 = 0) async throws -> [String: String] {
        let page = try await broker.classes(node: node, epoch: epoch, after: number)
        return Dictionary(page.classes.map { ($0.terms.nodeSelector.values.first ?? "", $0.id) }, uniquingKeysWith: { $1 })
    }

    func report(_ grant: Grant, _ result: Report.Result, slot: Int = 0, node: String = "n", exceptions: [Int] = []) -> Report {
        var report = Report(request(slot, node: node), job: grant.job, token: grant.token, result: result)
        (report.exitCode, report.exceptions, report.startedAgo) = (result == .failed ? 1 : 0, exceptions, 10)
        return report
    }

    /// Reports an end and does not claim.
    @discardableResult
    func end(_ grant: Grant, _ result: Report.Result, slot: Int = 0, node: String = "n", exceptions: [Int] = []) async throws -> Bool {
        try await broker.report(report(grant, result, slot: slot, node: node, exceptions: exceptions), claiming: false).accepted
    }

    /// Gives one verdict on all that is held.
    func judge(
        _ fate: Decision.Verdict.Fate, uid: String = "u", counted: Bool = true, permits: Int = 3, notBefore: Timestamp? = nil
    ) async throws {
        let held = try await state(uid).undecided
        try await decide(uid) {
            $0.permits = permits
            $0.verdicts = held.map { Decision.Verdict(token: $0.token, fate: fate, isCounted: counted, notBefore: notBefore) }
        }
    }

    func sweep(_ uid: String = "u") async throws -> Int {
        for step in 0..<1000 where try await broker.sweep(uid: uid, epoch: epoch) == 0 { return step + 1 }
        Issue.record("sweeping goes on for ever")
        return 0
    }
}

extension ClaimReply {
    var grant: Grant? {
        guard case .granted(let grant) = self else { return nil }
        return grant
    }
}

extension LedgerState {
    /// The indexes whose done bit is set, within the window.
    var doneIndexes: [Int] { Self.bits(window, from: watermark) }
    var badIndexes: [Int] { Self.bits(failedWindow, from: watermark) }

    private static func bits(_ bytes: [UInt8], from watermark: Int) -> [Int] {
        bytes.indices.flatMap { at in (0..<8).filter { bytes[at] & (0x80 >> $0) != 0 }.map { watermark / 8 * 8 + at * 8 + $0 } }
    }
}

/// The error's code that `body` throws, nil if it throws none.
func failure<Result>(_ body: () async throws(BrokerError) -> Result) async -> BrokerError.Code? {
    do {
        _ = try await body()
        return nil
    } catch { return error.code }
}
