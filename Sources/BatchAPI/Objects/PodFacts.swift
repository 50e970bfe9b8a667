/// What a Pod's status says of its life, as far as Jobs ask (P6, R32, R35, R42, R43).
public struct PodFacts: Sendable, Hashable {
    /// How one container ended.
    public struct Exit: Sendable, Hashable {
        public var container: String
        /// Nil while it runs.
        public var code: Int?
    }

    private let status: Value
    /// Init containers that stay beside the others.
    private let sidecars: Set<String>

    /// Reads a `status`; `spec` tells which of its init containers are sidecars.
    public init(status: Value, spec: PodSpec) {
        self.status = status
        sidecars = Set(spec.initContainers.filter { $0.restartPolicy == "Always" }.map(\.name))
    }

    public var phase: String { status["phase"]?.string ?? "Pending" }
    public var isReady: Bool { conditions["Ready"] == "True" }
    /// The status of each condition by its type.
    public var conditions: [String: String] {
        var statuses: [String: String] = [:]
        for condition in status["conditions"]?.array ?? [] { statuses[condition["type"]?.string ?? ""] = condition["status"]?.string ?? "" }
        return statuses
    }

    /// The restarts of all containers and init containers (R32).
    public var restarts: Int { (regular + initial).reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) } }

    /// How containers ended, regular ones before init containers (R42).
    public var exits: [Exit] {
        (regular + initial).map { Exit(container: $0["name"]?.string ?? "", code: $0["state"]?["terminated"]?["exitCode"]?.int) }
    }

    /// Since when it is, or is not, ready.
    public var readinessTime: Timestamp? { condition("Ready")?.time("lastTransitionTime") }

    /// Why it was disrupted; "" if it was not (P7).
    public var disruption: String {
        guard let condition = condition("DisruptionTarget"), condition["status"]?.string == "True" else { return "" }
        return condition["reason"]?.string ?? "DisruptionTarget"
    }

    /// The finish time of a pod that has ended or is being deleted since `deletion` (R35).
    public func finishTime(deletion: Timestamp?, created: Timestamp) -> Timestamp {
        let ends = (regular + initial.filter { sidecars.contains($0["name"]?.string ?? "") }).map { $0["state"]?["terminated"]?.time("finishedAt") }
        if !ends.isEmpty, let times = ends.allPresent { return times.max() ?? created }
        if let ready = condition("Ready"), ready["status"]?.string == "False", let time = ready.time("lastTransitionTime") { return time }
        return deletion ?? created
    }

    private var regular: [Value] { status["containerStatuses"]?.array ?? [] }
    private var initial: [Value] { status["initContainerStatuses"]?.array ?? [] }

    private func condition(_ type: String) -> Value? { (status["conditions"]?.array ?? []).first { $0["type"]?.string == type } }
}

extension [Timestamp?] {
    /// All elements, nil if one is missing.
    fileprivate var allPresent: [Timestamp]? {
        let present = compactMap { $0 }
        return present.count == count ? present : nil
    }
}
