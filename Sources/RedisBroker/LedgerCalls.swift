import BatchAPI
import Broker
import Redis

extension RedisBroker {
    private static func arguments(_ request: ClaimRequest) -> [any RedisArgument] {
        [
            request.node, request.instance, request.slot, request.sequence, request.items, request.podUID, request.job ?? "",
            request.classes.joined(separator: ","), request.takesHandouts ? 1 : 0,
        ]
    }

    public func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply {
        var reply = try await list("claim", Self.arguments(request))
        return try reply.claim()
    }

    public func progress(_ progress: Progress) async throws(BrokerError) -> Bool {
        var arguments: [any RedisArgument] = [
            progress.job, progress.token, progress.instance, progress.startedAgo, progress.restarts, progress.isRunning ? 1 : 0,
            progress.lastExitCode.map { String($0) } ?? "",
        ]
        if let states = progress.states { arguments.append(states) }
        return try await call("progress", arguments).int == 1
    }

    public func giveBack(job: String, token: Token, instance: String, keeping kept: Int) async throws(BrokerError) -> Bool {
        try await call("give_back", [job, token, instance, max(kept, 1)]).int == 1
    }

    public func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply {
        let details: [any RedisArgument] = [
            report.job, report.token, report.result.rawValue, report.exitCode, report.reason, report.message, report.restarts,
            report.startedAgo, report.finishedAgo, report.disruption, report.tail, Self.list(report.exceptions),
            report.container, report.states ?? "", report.ran.map { String($0) } ?? "", report.pace ?? 0, report.results.bytes,
        ]
        let failures = report.details.flatMap { [$0.exitCode, $0.message] as [any RedisArgument] }
        let arguments = Self.arguments(report.request) + details + failures
        guard claiming else { return ReportReply(accepted: try await self.report(arguments), next: nil) }
        do {
            var reply = try await list("report_and_claim", arguments)
            return ReportReply(accepted: try reply.int() == 1, next: try reply.claim())
        } catch where error.code == .busy {
            // Memory is out: the outcome is still taken, a claim is not.
            return ReportReply(accepted: try await self.report(arguments), next: .nothing(next: nil))
        }
    }

    private func report(_ arguments: [any RedisArgument]) async throws(BrokerError) -> Bool {
        var reply = try await list("report", arguments)
        return try reply.int() == 1
    }

    public func decide(_ decision: Decision) async throws(BrokerError) {
        var arguments: [any RedisArgument] = [
            decision.uid, decision.epoch, decision.version, decision.gate, decision.permits, Self.milliseconds(decision.deadline),
            Self.milliseconds(decision.notBefore), decision.failuresSinceSuccess, decision.cut.map { $0 ? "C" : "U" } ?? "",
            decision.status.map { Self.encoded($0, items: decision.items) } ?? "", decision.watermark, Self.milliseconds(decision.nextLook),
            decision.seenSuccess?.milliseconds ?? -1,
            decision.census.map { "\($0.active) \($0.terminating) \($0.succeeded)" } ?? "",
            decision.ends ? 1 : 0, decision.blinds ? 1 : 0, decision.stragglers.map(Self.list) ?? "-", decision.events.count,
        ]
        for event in decision.events { arguments += [event.type, event.reason, event.message] as [any RedisArgument] }
        for verdict in decision.verdicts {
            arguments += [verdict.token, verdict.fate.rawValue, verdict.isCounted ? 1 : 0, Self.milliseconds(verdict.notBefore)] as [any RedisArgument]
        }
        _ = try await call("decide", arguments)
    }

    private static func list(_ indexes: [Int]) -> String { indexes.map { String($0) }.joined(separator: ",") }

    /// With how many items there are, if those are pushed.
    private static func encoded(_ status: JobStatus, items: Int?) -> String {
        var value = status.value
        if let items { value["items"] = .int(Int64(items)) }
        return value.encoded()
    }

    private static func milliseconds(_ time: Timestamp?) -> Int64 { time?.milliseconds ?? 0 }

    public func spread(uid: String, epoch: Int64, _ domains: [TopologySpread.Domains]) async throws(BrokerError) {
        let lines = domains.map { one in
            (["\(one.maxSkew) \(one.minDomains)"] + one.nodes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
        }
        _ = try await call("spread", [uid, epoch, lines.joined(separator: "\n")])
    }

    public func explain(uid: String, epoch: Int64, message: String, again: Duration, job: Bool) async throws(BrokerError) {
        _ = try await call("explain", [uid, epoch, message, again.wholeMilliseconds, job ? 1 : 0])
    }

    public func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int { try await call("sweep", [uid, epoch]).int ?? 0 }

    public func state(uid: String) async throws(BrokerError) -> LedgerState? {
        guard let elements = try await call("state", [uid]).array else { return nil }
        var reply = Reply(elements)
        var state = LedgerState(job: try reply.job())
        state.settings = LedgerSettings(try reply.value())
        state.now = try reply.time()
        state.gate = try reply.text()
        state.window = try reply.bytes()
        state.failedWindow = try reply.bytes()
        (state.stragglers, state.failedStragglers) = (try reply.indexes(), try reply.indexes())
        state.read(try reply.numbers())
        while !reply.isEmpty { state.undecided.append(try reply.pod()) }
        return state
    }
}

extension LedgerState {
    /// Takes the numbers of Ledger.lua; what is not there stays as it is.
    fileprivate mutating func read(_ numbers: [String: Int64]) {
        func int(_ name: String) -> Int { Int(numbers[name] ?? 0) }
        func time(_ name: String) -> Timestamp? { numbers[name].flatMap { $0 == 0 ? nil : Timestamp(milliseconds: $0) } }
        (active, ready, terminating) = (int("active"), int("ready"), int("terminating"))
        (succeeded, failed, restarts) = (int("done"), int("failed"), int("restarts"))
        (failedIndexes, failuresSinceSuccess) = (int("badIndexes"), int("failures"))
        (newestSuccess, notBefore) = (time("newestSuccess"), time("notBefore"))
        (version, watermark) = (numbers["version"] ?? 0, int("watermark"))
        (late, kept, pending, strays) = (int("late"), int("kept"), int("pending"), int("strays"))
        (isBlind, isExternal, isCuttingOff, hasExtras) = (int("blind") == 1, int("external") == 1, int("shrunk") > 0, int("extras") > 0)
        (needsSweep, isDeleted) = (int("sweep") == 1, int("deleted") == 1)
        if int("items") > 0 { take(items: int("completions"), isOpen: int("items") == 2) }
    }
}
