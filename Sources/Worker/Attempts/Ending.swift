import Broker

/// How an attempt ended on this node.
public struct Ending: Sendable, Hashable {
    public enum Result: Sendable, Hashable {
        case succeeded
        case failed
        /// Nothing counts: it never started, or was ended because the store was out of reach.
        case released
    }

    public var result: Result
    public var exitCode: Int
    /// Whose exit code it is; "" for the pod's first container.
    public var container = ""
    /// The signal that killed it, if one did.
    public var signal: Int?
    /// As a container's reason: Completed, Error, StartError, DeadlineExceeded ...
    public var reason: String
    public var message = ""
    /// Why the node ended it (P7), "" if it did not.
    public var disruption = ""
    public var restarts = 0
    /// In ms since 1970; nil if it never started.
    public var startedAt: Int64?
    public var finishedAt: Int64
    /// Where the output of the last container lies.
    public var log: String?

    /// - Parameter at: when, in ms since 1970.
    package init(_ result: Result, exitCode: Int, reason: String, message: String = "", at time: Int64) {
        (self.result, self.exitCode, self.reason, self.message, finishedAt) = (result, exitCode, reason, message, time)
    }

    /// In the place of the token of an item's own.
    public static let noToken: Token = 0

    static func refused(_ refusal: PodRefusal, at time: Int64) -> Ending {
        Ending(.failed, exitCode: 128, reason: refusal.reason, message: refusal.message, at: time)
    }
    static func neverStarted(at time: Int64) -> Ending { Ending(.released, exitCode: 0, reason: "NeverStarted", at: time) }

    /// The report of it, made at the moment of sending: its times are relative to `now`, by the host's clock.
    func report(_ request: ClaimRequest, _ grant: Grant, _ attempt: Attempt?, now: Int64) -> Report {
        var report = Report(request, job: grant.job, token: grant.token, result: result.reported)
        (report.exitCode, report.reason, report.message, report.disruption) = (exitCode, reason, message, disruption)
        (report.restarts, report.container) = (restarts, container)
        if result != .released { report.states = attempt?.containers(now: now) }
        report.startedAgo = startedAt.map { Int(max(0, now - $0)) } ?? -1
        report.finishedAgo = Int(max(0, now - finishedAt))
        if result == .failed, let log { report.tail = String(decoding: LogReader.tail(path: log), as: UTF8.self) }
        return report
    }
}

extension Ending.Result {
    var reported: Report.Result {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .released: .released
        }
    }
}
