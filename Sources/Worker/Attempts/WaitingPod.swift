import BatchAPI
import Broker

/// What is shown of a pod that waits for something that may still come, as a kubelet shows it.
struct WaitingPod {
    let attempt: Attempt
    let refusal: PodRefusal

    private var spec: PodSpec { attempt.job.spec.template.spec }

    /// The container that can't be made says why; the others are not looked at yet.
    var containers: [ContainerState] {
        let usual = spec.initContainers.isEmpty ? "ContainerCreating" : "PodInitializing"
        return (spec.initContainers + spec.containers).map { container in
            guard case .container(container.name) = refusal.subject else { return ContainerState(container.name, .waiting(reason: usual, message: "")) }
            return ContainerState(container.name, .waiting(reason: refusal.reason, message: refusal.message))
        }
    }

    /// The event of it.
    func event(node: String, now: Timestamp) -> StoredObject {
        let pod = attempt.grant.pod, namespace = attempt.job.metadata.namespace, name = "\(pod).\(makeUUID().prefix(13))"
        var about: Value = [
            "apiVersion": "v1", "kind": "Pod", "name": .string(pod), "namespace": .string(namespace), "uid": .string(attempt.grant.podUID),
        ]
        if case .container(let name) = refusal.subject { about["fieldPath"] = .string("spec.containers{\(name)}") }
        let time = now.wholeSecond.value, component: Value = refusal.subject == .claim ? "default-scheduler" : "kubelet"
        let event: Value = [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(namespace), "uid": .string(makeUUID()), "creationTimestamp": time],
            "involvedObject": about, "type": "Warning", "reason": .string(reason), "message": .string(message), "count": 1,
            "firstTimestamp": time, "lastTimestamp": time, "source": ["component": component, "host": .string(node)],
            "reportingComponent": component, "reportingInstance": .string(node),
        ]
        return StoredObject(resource: "events", namespace: namespace, name: name, value: event)
    }

    private var reason: String {
        switch refusal.subject {
        case .volume: "FailedMount"
        case .claim: "FailedScheduling"
        case .container, nil: "Failed"
        }
    }

    private var message: String {
        switch refusal.subject {
        case .volume(let name): "MountVolume.SetUp failed for volume \"\(name)\" : \(refusal.message)"
        case .claim: refusal.message
        case .container, nil: "Error: \(refusal.message)"
        }
    }
}
