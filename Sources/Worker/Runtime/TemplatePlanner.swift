import BatchAPI
import Broker

/// Plans attempts from the Job's pod template: runtime `process`.
public struct TemplatePlanner: AttemptPlanner {
    private let node: String
    private let home: String

    /// - Parameter home: HOME of the pods, usually the worker's own.
    public init(node: String, home: String) { (self.node, self.home) = (node, home) }

    public func plan(job: Job, grant: Grant) throws(PodRefusal) -> AttemptPlan {
        let pod = job.spec.template.spec
        let container = try only(pod)
        let identity = PodIdentity(job: job, grant: grant, node: node)
        let environment = try PodEnvironment.make(container, identity, isIndexed: job.spec.isIndexed, home: home)
        let arguments = (container.command + container.args).map { Array(VariableExpansion.expand($0, environment).utf8) }
        guard !arguments.isEmpty else {
            throw PodRefusal("StartError", "container \(container.name) states neither command nor args, and its image \(container.image) is not run here")
        }
        var plan = AttemptPlan(
            arguments: arguments, environment: environment, workingDirectory: container.workingDir,
            grace: .seconds(pod.terminationGracePeriodSeconds))
        plan.container = container.name
        plan.volumes = try VolumePlan.plans(container, pod, namespace: job.metadata.namespace)
        plan.restartsInPlace = pod.restartPolicy == "OnFailure" && container.restartPolicy != "Never"
        plan.deadline = pod.activeDeadlineSeconds.map { .seconds($0) }
        plan.startErrorCode = 128
        return plan
    }

    private func only(_ pod: PodSpec) throws(PodRefusal) -> Container {
        if let runtime = pod.runtimeClassName, runtime != "process" {
            throw PodRefusal("CreateContainerConfigError", "runtimeClassName \(runtime): this worker has only the runtime \"process\"")
        }
        guard pod.initContainers.isEmpty, pod.containers.count == 1 else {
            throw PodRefusal("CreateContainerConfigError", "pods of several containers are not run by this worker")
        }
        return pod.containers[0]
    }
}
