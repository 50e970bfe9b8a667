import BatchAPI
import Broker

/// One of the two brokers of a walk. Tokens are told by their number in order of appearance, as they differ.
final class Side {
    struct Held {
        var job: String
        var token: Token
        var node: String
        var instance: String
        var slot: Int
    }

    let broker: any Broker & FigureStore
    /// By number: what the nodes hold.
    var live: [Int: Held] = [:]
    private var numbers: [String: Int] = [:]
    private(set) var epoch: Int64 = 0

    init(_ broker: any Broker & FigureStore) { self.broker = broker }

    /// What does not depend on when the leader is to look again.
    func figures() async throws -> StoreFigures {
        var figures = try await broker.figures()
        figures.levels[.agenda] = nil
        figures.levels = figures.levels.filter { $0.value != 0 }
        return figures
    }

    func register(_ name: String, _ instance: String) async throws {
        epoch = try await broker.elect(Candidate(instance: "l", address: "")).epoch
        try await broker.register(NodeRegistration(name: name, instance: instance, machine: "m", slots: 8, lease: .seconds(9)))
    }

    /// Distances between tokens are the same on both sides, the numbers are not.
    func number(_ token: Token) -> Int { Int(token & 0xf_ffff) &- base }
    private var base = 0

    private func describe(_ reply: ClaimReply, _ request: ClaimRequest) -> String {
        switch reply {
        case .nothing(let next): return "nothing \(next == nil ? "" : "later")"
        case .granted(let grant):
            if numbers.isEmpty { base = Int(grant.token & 0xf_ffff) - 1 }
            let number = number(grant.token)
            numbers["\(number)"] = number
            live[number + jobNumber(grant.job) * 100_000] = Held(
                job: grant.job, token: grant.token, node: request.node, instance: request.instance, slot: request.slot)
            return "\(grant.job) \(number) \(String(describing: grant.items)) \(grant.podUID) \(grant.failures) \(grant.pod.split(separator: "-").count) \(grant.payloads)"
        }
    }

    /// The ids of placement classes, by the runtime and the label that they ask for.
    private var classes = ["": ""]

    func hearOfClasses() async throws -> String {
        for one in try await broker.classes(node: "n", epoch: "", after: 0).classes {
            classes[(one.terms.runtime ?? "") + (one.terms.nodeSelector["disk"] ?? "")] = one.id
        }
        return classes.keys.sorted().joined(separator: ",")
    }

    /// With the side's own ids.
    private func named(_ request: ClaimRequest) -> ClaimRequest {
        var request = request
        let ids = request.classes.compactMap { classes[$0] }
        request.classes = ids.isEmpty ? [""] : ids
        return request
    }

    private func jobNumber(_ job: String) -> Int { Int(job.dropFirst()) ?? 0 }

    func claim(_ request: ClaimRequest) async throws -> String { describe(try await broker.claim(named(request)), request) }

    /// What was handed out to the nodes since they last heard.
    func hear(_ instances: [String: String]) async throws -> String {
        var heard: [String] = []
        for (node, instance) in instances.sorted(by: { $0.key < $1.key }) {
            for case .granted(let slot, let sequence, let grant) in try await broker.waitForNews(node: node, timeout: .zero) {
                let request = ClaimRequest(node: node, instance: instance, slot: slot, sequence: sequence)
                heard.append("\(node) \(slot) \(sequence) " + describe(.granted(grant), request))
            }
        }
        return heard.joined(separator: "; ")
    }

    private var ended: [Int: Held] = [:]

    func report(_ report: Report, _ number: Int, _ claiming: Bool) async throws -> String {
        guard let held = live[number] ?? ended[number] else { return "unknown" }
        var report = report
        (report.token, report.request) = (held.token, named(report.request))
        ended[number] = held
        live[number] = nil
        let reply = try await broker.report(report, claiming: claiming)
        return "\(reply.accepted) " + (reply.next.map { describe($0, report.request) } ?? "")
    }

    /// The ledger without times and tokens.
    func summary(_ uid: String) async throws -> String {
        guard let state = try await broker.state(uid: uid) else { return "gone" }
        let held = state.undecided.map { "\($0.index ?? -1)/\($0.phase)/\($0.restarts)/\($0.disruption)" }.sorted()
        let pods = try await broker.pods(uid: uid).map { "\(number($0.token)):\($0.phase):\($0.isRunning):\($0.restarts):\($0.deletion != nil)" }
        return """
            v\(state.version) gate \(state.gate) active \(state.active) ready \(state.ready) ending \(state.terminating) done \(state.succeeded) \
            failed \(state.failed) restarts \(state.restarts) bad \(state.failedIndexes) since \(state.failuresSinceSuccess) \
            \(state.newestSuccess != nil) \(state.notBefore != nil) held \(held) done \(state.doneIndexes) bad \(state.badIndexes) \
            sweep \(state.needsSweep) deleted \(state.isDeleted) pods \(pods)
            """
    }
}
