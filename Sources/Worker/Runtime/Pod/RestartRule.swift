import BatchAPI

/// Whether a container is started again in its pod when its process has ended (P3).
public struct RestartRule: Sendable, Hashable {
    public enum Policy: String, Sendable, Hashable {
        case never = "Never"
        case onFailure = "OnFailure"
        case always = "Always"
    }

    /// Exit codes, or all but these, after which it is started again whatever the policy.
    public struct Codes: Sendable, Hashable {
        public var values: [Int]
        public var isExcluding: Bool
    }

    public var policy: Policy
    public var codes: [Codes] = []

    public init(_ policy: Policy) { self.policy = policy }

    func restarts(after code: Int) -> Bool {
        if codes.contains(where: { $0.values.contains(code) != $0.isExcluding }) { return true }
        switch policy {
        case .never: return false
        case .onFailure: return code != 0
        case .always: return true
        }
    }

    /// A container's own rule, else its pod's. Init containers are done when they have succeeded, unless they are sidecars.
    init(_ container: Container, of pod: PodSpec, isInitial: Bool) throws(PodRefusal) {
        let own = container.restartPolicy.flatMap { Policy(rawValue: $0) }
        policy = own ?? Policy(rawValue: pod.restartPolicy ?? "") ?? .never
        if isInitial, own == nil, policy == .always { policy = .onFailure }
        for rule in container.raw["restartPolicyRules"]?.array ?? [] {
            guard rule["action"]?.string == "Restart", let exit = rule["exitCodes"] else {
                throw .configuration("container \(container.name): restartPolicyRules: only action Restart with exitCodes can be had on this worker")
            }
            codes.append(Codes(values: (exit["values"]?.array ?? []).compactMap(\.int), isExcluding: exit["operator"]?.string == "NotIn"))
        }
    }
}
