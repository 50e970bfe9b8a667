/// One entry of `status.conditions` (§4.9).
public struct JobCondition: Sendable, Hashable {
    /// Suspended, SuccessCriteriaMet, Complete, FailureTarget, Failed, or a client's own.
    public var type: String
    /// "True", "False" or "Unknown".
    public var status: String
    public var reason: String
    public var message: String
    public var lastProbeTime: Timestamp?
    public var lastTransitionTime: Timestamp?

    /// A condition; one time serves as both times.
    public init(type: String, status: String = "True", reason: String = "", message: String = "", at time: Timestamp? = nil) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        lastProbeTime = time
        lastTransitionTime = time
    }

    /// Reads the object form; fields of the wrong type count as absent.
    public init(_ value: Value) {
        type = value["type"]?.string ?? ""
        status = value["status"]?.string ?? ""
        reason = value["reason"]?.string ?? ""
        message = value["message"]?.string ?? ""
        lastProbeTime = value.time("lastProbeTime")
        lastTransitionTime = value.time("lastTransitionTime")
    }

    /// The object form; absent times are null, as a server writes them.
    public var value: Value {
        var members = Members()
        members.set("type", type)
        members.set("status", status)
        members.setUnlessEmpty("reason", reason)
        members.setUnlessEmpty("message", message)
        members.set("lastProbeTime", lastProbeTime?.value ?? .null)
        members.set("lastTransitionTime", lastTransitionTime?.value ?? .null)
        return members.value
    }

    /// Whether the condition holds.
    public var isTrue: Bool { status == "True" }
}

/// The `status` of a Job (§1.4).
public struct JobStatus: Sendable, Hashable {
    public var conditions: [JobCondition]
    public var startTime: Timestamp?
    /// Set only together with Complete=True.
    public var completionTime: Timestamp?
    /// Pods neither terminal nor being deleted.
    public var active: Int
    /// Active pods that are Ready; nil until the controller has acted.
    public var ready: Int?
    /// Pods being deleted and not yet terminal; nil until the controller has acted.
    public var terminating: Int?
    /// Pods counted as succeeded; Indexed: distinct completed indexes.
    public var succeeded: Int
    /// Pods counted as failed.
    public var failed: Int
    /// Index text (R60), empty if NonIndexed.
    public var completedIndexes: String
    /// Index text (R60), nil without backoffLimitPerIndex.
    public var failedIndexes: String?
    /// `{succeeded: [uid], failed: [uid]}`, the staging area of exactly-once counting.
    public var uncountedTerminatedPods: Value?

    /// The empty status of a fresh Job.
    public init() { self.init(.object([:])) }

    /// Reads the object form; fields of the wrong type count as absent, unknown ones are dropped.
    public init(_ value: Value) {
        conditions = (value["conditions"]?.array ?? []).map { JobCondition($0) }
        startTime = value.time("startTime")
        completionTime = value.time("completionTime")
        active = value["active"]?.int ?? 0
        ready = value["ready"]?.int
        terminating = value["terminating"]?.int
        succeeded = value["succeeded"]?.int ?? 0
        failed = value["failed"]?.int ?? 0
        completedIndexes = value["completedIndexes"]?.string ?? ""
        failedIndexes = value["failedIndexes"]?.string
        uncountedTerminatedPods = value.present("uncountedTerminatedPods")
    }

    /// The object form: zero active, succeeded and failed, and empty completedIndexes are left out.
    public var value: Value {
        var members = Members()
        members.setUnlessEmpty("conditions", conditions.map(\.value))
        members.set("startTime", startTime)
        members.set("completionTime", completionTime)
        members.setUnlessZero("active", active)
        members.set("ready", ready)
        members.set("terminating", terminating)
        members.setUnlessZero("succeeded", succeeded)
        members.setUnlessZero("failed", failed)
        members.setUnlessEmpty("completedIndexes", completedIndexes)
        members.set("failedIndexes", failedIndexes)
        members.set("uncountedTerminatedPods", uncountedTerminatedPods)
        return members.value
    }
}

extension JobStatus {
    /// The condition of a type, if there is one.
    public func condition(_ type: String) -> JobCondition? { conditions.first { $0.type == type } }

    /// Whether a condition of a type is True.
    public func isTrue(_ type: String) -> Bool { conditions.contains { $0.type == type && $0.isTrue } }

    /// Whether the Job has Complete=True or Failed=True.
    public var isFinished: Bool { isTrue("Complete") || isTrue("Failed") }
}
