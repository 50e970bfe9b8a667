import BatchAPI
import Glibc

/// Whom a container runs as, and what it may do: its `securityContext` and the pod's.
public struct SecurityPlan: Sendable, Hashable {
    /// nil: the worker's own.
    public var user: UInt32?
    public var group: UInt32?
    public var groups: [UInt32]?
    public var noNewPrivileges = false
    public var capabilities: UInt64?
    public var filter = ProcessSpec.Filter.none
    public var isRootReadOnly = false
    /// Needs namespaces that an ordinary user makes inside one of its own.
    public var usesUserNamespace = false

    public init() {}

    /// Whether it differs in nothing from what the worker may do.
    var isPlain: Bool { self == SecurityPlan() }
}

/// Makes security plans; refuses by name what this host can't give.
struct SecurityPlanner {
    let container: Container
    let pod: PodSpec
    let rules: HostRules

    /// The container's own field, else the pod's.
    private func field(_ key: String) -> Value? { container.securityContext?.present(key) ?? pod.securityContext?.present(key) }

    func plan() throws(PodRefusal) -> SecurityPlan {
        guard container.securityContext?.object?.isEmpty == false || pod.securityContext?.object?.isEmpty == false else { return SecurityPlan() }
        try refuseUnknown()
        var plan = SecurityPlan()
        try setIdentity(&plan)
        try setPrivileges(&plan)
        plan.isRootReadOnly = field("readOnlyRootFilesystem")?.bool ?? false
        plan.usesUserNamespace = !rules.isRoot && (plan.isRootReadOnly || plan.capabilities != nil || plan.filter != .none)
        return plan
    }

    private func refusal(_ field: String, _ why: String) -> PodRefusal {
        .configuration("container \(container.name): securityContext.\(field): \(why)")
    }

    private func refuseUnknown() throws(PodRefusal) {
        for key in ["seLinuxOptions", "windowsOptions"] where field(key) != nil { throw refusal(key, "can't be had on this worker") }
        if let sysctls = pod.securityContext?["sysctls"]?.array, !sysctls.isEmpty {
            throw refusal("sysctls", "can't be had on this worker: they are the host's")
        }
        if let profile = field("appArmorProfile")?["type"]?.string, profile != "Unconfined" {
            throw refusal("appArmorProfile", "\(profile) can't be had on this worker")
        }
        if let mount = field("procMount")?.string, mount != "Default" { throw refusal("procMount", "\(mount) can't be had on this worker") }
    }

    // MARK: Identity

    private func setIdentity(_ plan: inout SecurityPlan) throws(PodRefusal) {
        let user = try id("runAsUser"), group = try id("runAsGroup"), volumes = try id("fsGroup")
        if field("runAsNonRoot")?.bool == true, (user ?? rules.user) == 0 {
            let why = user == nil ? "it has runAsNonRoot and would run as root, as its worker does" : "its runAsUser breaks non-root policy"
            throw .configuration("container \(container.name): \(why)")
        }
        let others = (pod.securityContext?["supplementalGroups"]?.array ?? []).compactMap { $0.int.flatMap { UInt32(exactly: $0) } }
        guard rules.isRoot else { return try refuseOthers(user, group, others + (volumes.map { [$0] } ?? [])) }
        plan.user = user
        plan.group = group ?? user.map { Accounts.group(of: $0) ?? 0 }
        if user != nil || group != nil || volumes != nil || !others.isEmpty { plan.groups = others + (volumes.map { [$0] } ?? []) }
    }

    /// An ordinary user can only run pods as itself.
    private func refuseOthers(_ user: UInt32?, _ group: UInt32?, _ groups: [UInt32]) throws(PodRefusal) {
        let why = "this worker runs as user \(rules.user), group \(rules.group), and can't run pods as others"
        if let user, user != rules.user { throw refusal("runAsUser", why) }
        if let group, group != rules.group { throw refusal("runAsGroup", why) }
        if groups.contains(where: { $0 != rules.group }) { throw refusal("supplementalGroups, fsGroup", why) }
    }

    private func id(_ key: String) throws(PodRefusal) -> UInt32? {
        guard let number = field(key)?.int else { return nil }
        guard let id = UInt32(exactly: number) else { throw refusal(key, "\(number) is no id") }
        return id
    }

    // MARK: Privileges

    private func setPrivileges(_ plan: inout SecurityPlan) throws(PodRefusal) {
        plan.noNewPrivileges = field("allowPrivilegeEscalation")?.bool == false
        let isPrivileged = container.securityContext?["privileged"]?.bool == true
        if isPrivileged, !rules.allowsPrivileged { throw refusal("privileged", "not allowed on this worker (--allow-privileged)") }
        if isPrivileged, !rules.isRoot { throw refusal("privileged", "this worker is not root") }
        if let capabilities = container.securityContext?.present("capabilities"), !isPrivileged {
            plan.capabilities = try bounds(capabilities)
        }
        try setFilter(&plan, isPrivileged: isPrivileged)
    }

    private func bounds(_ capabilities: Value) throws(PodRefusal) -> UInt64? {
        let added = try bits(capabilities, "add"), dropped = try bits(capabilities, "drop")
        if added == 0 && dropped == 0 { return nil }
        let lacking = added == .max ? 0 : added & ~rules.capabilities
        if lacking != 0 {
            throw refusal("capabilities.add", "this worker does not have \(Capabilities.names(lacking).joined(separator: ", "))")
        }
        // What is added stands even if all is dropped.
        return (dropped == .max ? added : (Capabilities.containerDefault | added) & ~dropped) & rules.capabilities
    }

    private func bits(_ capabilities: Value, _ key: String) throws(PodRefusal) -> UInt64 {
        var set: UInt64 = 0
        for name in capabilities[key]?.strings ?? [] {
            guard let bits = Capabilities.bits(name) else { throw refusal("capabilities.\(key)", "\(name) is not known here") }
            set |= bits
        }
        return set
    }

    private func setFilter(_ plan: inout SecurityPlan, isPrivileged: Bool) throws(PodRefusal) {
        switch field("seccompProfile")?["type"]?.string {
        case nil, "Unconfined": return
        // Kubernetes, too, leaves privileged containers unconfined.
        case "RuntimeDefault" where isPrivileged: return
        case "RuntimeDefault":
            plan.filter = (plan.capabilities ?? 0) & Capabilities.administrator == 0 ? .runtimeDefault : .administrator
        case "Localhost" where isPrivileged: return
        case "Localhost": plan.filter = .program(try profile(field("seccompProfile")?["localhostProfile"]?.string ?? ""))
        case let type?: throw refusal("seccompProfile", "\(type) can't be had on this worker: only RuntimeDefault, Localhost and Unconfined")
        }
    }

    /// A profile of the host's.
    private func profile(_ name: String) throws(PodRefusal) -> FilterProgram {
        guard let folder = rules.seccompProfiles else {
            throw refusal("seccompProfile", "Localhost \(name): this worker has no folder of profiles (--seccomp-profiles)")
        }
        guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw refusal("seccompProfile", "localhostProfile \"\(name)\" must be a path inside the worker's folder of profiles")
        }
        guard let text = readSmallFile(folder + "/" + name) else {
            throw refusal("seccompProfile", "cannot load seccomp profile \"\(folder)/\(name)\": \(errorText(errno))")
        }
        do { return try FilterProgram(try SeccompProfile(text)) } catch { throw refusal("seccompProfile", "profile \(name): \(error)") }
    }
}

/// The host's users, as /etc/passwd has them.
enum Accounts {
    static func group(of user: UInt32) -> UInt32? { entry(user).flatMap { UInt32($0[3]) } }
    static func home(of user: UInt32) -> String? { entry(user).map { String($0[5]) } }

    private static func entry(_ user: UInt32) -> [Substring]? {
        for line in (readSmallFile("/etc/passwd") ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 5, UInt32(fields[2]) == user { return fields }
        }
        return nil
    }
}
