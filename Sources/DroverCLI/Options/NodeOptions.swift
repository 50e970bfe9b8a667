import ArgumentParser
import BatchAPI
import Broker
import Glibc
import Worker

/// Flags that describe a worker's node.
struct NodeOptions: ParsableArguments {
    @Option(help: "The node's name; the host's name by default.")
    var name: String?

    @Option(help: ArgumentHelp("Attempts that run at a time.", valueName: "n"))
    var slots = 110

    @Option(name: .customLong("label"), help: ArgumentHelp("A label of the node; may be given several times.", valueName: "key=value"))
    var labels: [String] = []

    @Option(help: ArgumentHelp("Cores that pods may ask for in all; the host's by default.", valueName: "cores"))
    var cpu: String?

    @Option(help: ArgumentHelp("Memory that pods may ask for in all; the host's by default.", valueName: "amount"))
    var memory: String?

    @Option(
        name: .customLong("resource"),
        help: ArgumentHelp(
            "A further resource that pods may ask for, as nvidia.com/gpu=2, or with the ids of its units, as nvidia.com/gpu=0,1: pods are told theirs.",
            valueName: "name=count|ids"))
    var resources: [String] = []

    @Option(
        name: .customLong("taint"),
        help: ArgumentHelp("A taint of the node, as key=value:NoSchedule (or PreferNoSchedule, NoExecute).", valueName: "taint"))
    var taints: [String] = []

    @Option(help: ArgumentHelp("hostPath volumes may lie at and below this path; may be given several times.", valueName: "path"))
    var allowHostPath: [String] = []

    @Option(help: ArgumentHelp("Processes and threads that a container may have.", valueName: "n"))
    var podPidsLimit: Int?

    @Option(help: "At least this often the ConfigMaps and Secrets that running pods mount are looked at.")
    var volumeRefresh = DurationArgument(.seconds(60))

    @Option(help: ArgumentHelp("Profiles of system calls (JSON) that pods may name as seccompProfile Localhost.", valueName: "folder"))
    var seccompProfiles: String?

    @Flag(help: "Pods may be privileged.")
    var allowPrivileged = false

    func validate() throws {
        if let limit = podPidsLimit, limit < 1 { throw ValidationError("--pod-pids-limit must be at least 1") }
        if let path = allowHostPath.first(where: { !$0.hasPrefix("/") }) { throw ValidationError("--allow-host-path \(path): must begin with /") }
        if volumeRefresh.milliseconds < 100 { throw ValidationError("--volume-refresh must be at least 100ms") }
        if !(1...100_000).contains(slots) { throw ValidationError("--slots must be from 1 to 100000") }
        if let label = labels.first(where: { !$0.contains("=") }) { throw ValidationError("--label \(label): write it as key=value") }
        for (flag, amount) in [("--cpu", cpu), ("--memory", memory)] {
            if let amount, ((try? Quantity(amount))?.nanos ?? -1) < 0 { throw ValidationError("\(flag) \(amount): not an amount, as 4, 500m or 8Gi") }
        }
        if let text = resources.first(where: { ResourceArgument($0) == nil }) {
            throw ValidationError("--resource \(text): write it as example.com/name=2, or with ids as example.com/name=id1,id2")
        }
        if let text = taints.first(where: { Taint(flag: $0) == nil }) { throw ValidationError("--taint \(text): write it as key=value:NoSchedule") }
        if let name, name.isEmpty || name.contains(where: { "|/ \n".contains($0) }) { throw ValidationError("--name \(name): not a node name") }
    }

    var nodeName: String { name ?? hostName() }

    /// What pods may have of the host; a list of paths replaces what is allowed by default.
    func rules(_ rules: HostRules) -> HostRules {
        var rules = rules
        if !allowHostPath.isEmpty { rules.hostPaths = allowHostPath }
        rules.seccompProfiles = seccompProfiles
        rules.processes = podPidsLimit.map { Int64($0) }
        if allowPrivileged { rules.allowsPrivileged = true }
        return rules
    }

    /// The options of the daemon, the host's own label included.
    func worker(_ shared: SharedOptions, _ restarts: RestartOptions) -> WorkerOptions {
        var options = WorkerOptions(name: nodeName, slots: slots)
        options.labels = ["kubernetes.io/hostname": nodeName]
        for label in labels {
            let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            options.labels[String(parts[0])] = String(parts[1])
        }
        options.offer.taints = taints.compactMap { Taint(flag: $0) }
        for (name, amount) in [("cpu", cpu), ("memory", memory)] { options.offer.capacity[name] = amount.flatMap { try? Quantity($0) } }
        for resource in resources.compactMap({ ResourceArgument($0) }) {
            options.offer.capacity[resource.name] = resource.amount
            options.devices[resource.name] = resource.ids
        }
        options.refresh = volumeRefresh.duration
        (options.lease, options.restarts) = (shared.lease.duration, restarts.backoff)
        if let timeout = shared.shutdownTimeout { options.shutdownTimeout = timeout.duration }
        return options
    }
}

func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
