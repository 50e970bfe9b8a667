import BatchAPI
import Broker
import Redis

extension RedisBroker {
    private static func arguments(_ request: ClaimRequest) -> [any RedisArgument] {
        [request.node, request.instance, request.slot, request.sequence, request.items, request.podUID, request.job ?? ""]
    }

    public func claim(_ request: ClaimRequest) async throws(BrokerError) -> ClaimReply {
        var reply = try await list("claim", Self.arguments(request))
        return try reply.claim()
    }

    public func progress(_ progress: Progress) async throws(BrokerError) -> Bool {
        let arguments: [any RedisArgument] = [
            progress.job, progress.token, progress.instance, progress.startedAgo, progress.restarts, progress.isRunning ? 1 : 0,
            progress.lastExitCode.map { String($0) } ?? "",
        ]
        return try await call("progress", arguments).int == 1
    }

    public func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply {
        let details: [any RedisArgument] = [
            claiming ? 1 : 0, report.job, report.token, report.result.rawValue, report.exitCode, report.reason, report.message,
            report.restarts, report.startedAgo, report.finishedAgo, report.disruption, report.tail,
            report.exceptions.map { String($0) }.joined(separator: ","),
        ]
        var reply = try await list("report", Self.arguments(report.request) + details)
        let accepted = try reply.int() == 1
        return ReportReply(accepted: accepted, next: claiming ? try reply.claim() : nil)
    }

    public func decide(_ decision: Decision) async throws(BrokerError) {
        var arguments: [any RedisArgument] = [
            decision.uid, decision.epoch, decision.version, decision.gate, decision.permits, Self.milliseconds(decision.deadline),
            Self.milliseconds(decision.notBefore), decision.failuresSinceSuccess, decision.cut.map { $0 ? "C" : "U" } ?? "",
            decision.status.map { $0.value.encoded() } ?? "", decision.watermark, Self.milliseconds(decision.nextLook),
        ]
        for verdict in decision.verdicts {
            arguments += [verdict.token, verdict.fate.rawValue, verdict.isCounted ? 1 : 0, Self.milliseconds(verdict.notBefore)] as [any RedisArgument]
        }
        _ = try await call("decide", arguments)
    }

    private static func milliseconds(_ time: Timestamp?) -> Int64 { time?.milliseconds ?? 0 }

    public func sweep(uid: String, epoch: Int64) async throws(BrokerError) -> Int { try await call("sweep", [uid, epoch]).int ?? 0 }

    public func state(uid: String) async throws(BrokerError) -> LedgerState? {
        guard let elements = try await call("state", [uid]).array else { return nil }
        var reply = Reply(elements)
        var state = LedgerState(job: try reply.job())
        state.settings = LedgerSettings(try reply.value())
        state.now = try reply.time()
        try Self.readFields(&reply, into: &state)
        state.window = try reply.bytes()
        state.failedWindow = try reply.bytes()
        while !reply.isEmpty { state.undecided.append(try reply.pod()) }
        return state
    }

    /// The fields in the order of FIELDS in Common.lua.
    private static func readFields(_ reply: inout Reply, into state: inout LedgerState) throws(BrokerError) {
        for _ in 0..<6 { _ = try reply.text() }
        state.gate = try reply.text()
        _ = try reply.text()
        state.notBefore = try reply.optionalTime()
        for _ in 0..<3 { _ = try reply.text() }
        state.succeeded = try reply.int()
        state.failed = try reply.int()
        state.active = try reply.int()
        state.ready = try reply.int()
        state.terminating = try reply.int()
        _ = try reply.text()
        state.version = Int64(try reply.int())
        _ = try reply.text()
        state.failuresSinceSuccess = try reply.int()
        state.newestSuccess = try reply.optionalTime()
        state.restarts = try reply.int()
        for _ in 0..<2 { _ = try reply.text() }
        state.needsSweep = try reply.int() == 1
        _ = try reply.text()
        state.isDeleted = try reply.int() == 1
        state.failedIndexes = try reply.int()
        state.watermark = try reply.int()
    }
}
