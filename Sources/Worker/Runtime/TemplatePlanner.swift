import BatchAPI
import Broker

/// Plans attempts from the Job's pod template: runtime `process`.
public struct TemplatePlanner: AttemptPlanner {
    private let node: String
    private let home: String
    private let rules: HostRules
    private let objects: (any ObjectLookup)?

    /// - Parameters:
    ///   - home: HOME of pods that run as the worker does, usually the worker's own.
    ///   - objects: where ConfigMaps, Secrets and claims are; nil: there are none.
    public init(node: String, home: String, rules: HostRules = HostRules(), objects: (any ObjectLookup)? = nil) {
        (self.node, self.home, self.rules, self.objects) = (node, home, rules, objects)
    }

    public func plan(job: Job, grant: Grant) async throws(PodRefusal) -> AttemptPlan {
        let pod = job.spec.template.spec
        if let runtime = pod.runtimeClassName, !["", "process", "stream"].contains(runtime) {
            throw .configuration("runtimeClassName \(runtime): this worker has only the runtimes \"process\" and \"stream\"")
        }
        let identity = PodIdentity(job: job, grant: grant, node: node)
        let objects = PodObjects(lookup: objects, namespace: job.metadata.namespace, rules: rules)
        let volumes = try await VolumePlanner(pod: pod, identity: identity, objects: objects).plans()
        let planner = ContainerPlanner(
            pod: pod, identity: identity, objects: objects, volumes: volumes, isIndexed: job.spec.isIndexed, home: home, rules: rules)
        var plan = AttemptPlan(containers: [], grace: .seconds(pod.terminationGracePeriodSeconds))
        for container in pod.initContainers { plan.initContainers.append(try await planner.plan(container, isInitial: true)) }
        for container in pod.containers { plan.containers.append(try await planner.plan(container, isInitial: false)) }
        plan.volumes = volumes.filter { volume in plan.all.contains { $0.mounts.contains { $0.volume == volume.name } } }
        plan.volumeGroup = rules.isRoot ? pod.securityContext?["fsGroup"]?.int.flatMap { UInt32(exactly: $0) } : nil
        plan.deadline = pod.activeDeadlineSeconds.map { .seconds($0) }
        plan.startErrorCode = 128
        if job.takesItems { add(grant, to: &plan) }
        return plan
    }

    public func files(job: Job, grant: Grant) async throws(PodRefusal) -> [String: [VolumeFile]] {
        let identity = PodIdentity(job: job, grant: grant, node: node)
        let objects = PodObjects(lookup: objects, namespace: job.metadata.namespace, rules: rules)
        var files: [String: [VolumeFile]] = [:]
        for plan in try await VolumePlanner(pod: job.spec.template.spec, identity: identity, objects: objects).plans() {
            if case .files(let now) = plan.source { files[plan.name] = now }
        }
        return files
    }

    /// The item that was pushed, in the environment if it fits there, and for the place of the pod.
    private func add(_ grant: Grant, to plan: inout AttemptPlan) {
        var reader = PackedReader(grant.payloads)
        guard let item = reader.next() else { return }
        plan.item = Array(item)
        guard !item.contains(0), let text = String(validating: item, as: UTF8.self) else { return }
        for at in plan.initContainers.indices { plan.initContainers[at].environment["DROVER_ITEM"] = text }
        for at in plan.containers.indices { plan.containers[at].environment["DROVER_ITEM"] = text }
    }
}

/// Plans single containers of a pod.
struct ContainerPlanner {
    let pod: PodSpec
    let identity: PodIdentity
    let objects: PodObjects
    let volumes: [VolumePlan]
    let isIndexed: Bool
    let home: String
    let rules: HostRules

    func plan(_ container: Container, isInitial: Bool) async throws(PodRefusal) -> ContainerPlan {
        do throws(PodRefusal) { return try await make(container, isInitial: isInitial) } catch { throw error.about(.container(container.name)) }
    }

    private func make(_ container: Container, isInitial: Bool) async throws(PodRefusal) -> ContainerPlan {
        let security = try SecurityPlanner(container: container, pod: pod, rules: rules).plan()
        let home = security.user.map { Accounts.home(of: $0) ?? "/" } ?? home
        let environment = try await PodEnvironment(container: container, pod: pod, identity: identity, objects: objects).make(isIndexed: isIndexed, home: home)
        let arguments = (container.command + container.args).map { Array(VariableExpansion.expand($0, environment).utf8) }
        guard !arguments.isEmpty else {
            throw withoutCommand(container)
        }
        var plan = ContainerPlan(name: container.name, arguments: arguments, environment: environment, workingDirectory: container.workingDir)
        plan.mounts = try MountPlan.plans(container, pod, volumes, environment)
        plan.security = security
        plan.restart = try RestartRule(container, of: pod, isInitial: isInitial)
        plan.care = try ContainerCare(container)
        plan.limits = ResourceLimits(container, processes: rules.processes)
        plan.isSidecar = isInitial && plan.restart.policy == .always
        plan.message = TerminationMessage(
            container, isMounted: !plan.mounts.isEmpty || security.isRootReadOnly, arguments: arguments, isRoot: rules.isRoot)
        return plan
    }

    /// Its command is that of an image which can't be had: such a pod waits, as one whose image can't be pulled.
    private func withoutCommand(_ container: Container) -> PodRefusal {
        let why = "container \(container.name) states neither command nor args, and its image \(container.image) is not run here"
        guard rules.waitsForObjects else { return PodRefusal("StartError", why) }
        var refusal = PodRefusal("ImagePullBackOff", why)
        refusal.mayPass = true
        return refusal
    }
}
