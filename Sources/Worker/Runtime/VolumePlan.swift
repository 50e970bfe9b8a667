import BatchAPI

/// A volume that a container mounts, before it is known where this node keeps it.
public struct VolumePlan: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        /// A directory of the namespace's claim, kept by the worker.
        case claim(String)
        /// A directory of the pod's own, gone with it.
        case empty(String)
    }

    public var source: Source
    public var target: String
    public var isReadOnly: Bool

    /// The volumes of a container.
    /// - Throws: for kinds of volumes that this worker does not have, by name.
    static func plans(_ container: Container, _ pod: PodSpec, namespace: String) throws(PodRefusal) -> [VolumePlan] {
        var plans: [VolumePlan] = []
        for mount in container.volumeMounts {
            guard let volume = pod.volumes.first(where: { $0["name"]?.string == mount.name }) else {
                throw PodRefusal("CreateContainerConfigError", "container \(container.name) mounts volume \(mount.name), which the pod does not have")
            }
            if mount.subPath != nil || mount.subPathExpr != nil { throw refusal(container, mount, "subPath is not supported here") }
            let source = try source(volume, container, mount, namespace)
            plans.append(VolumePlan(source: source, target: mount.mountPath, isReadOnly: mount.readOnly))
        }
        return plans
    }

    private static func source(_ volume: Value, _ container: Container, _ mount: VolumeMount, _ namespace: String) throws(PodRefusal) -> Source {
        if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string { return .claim(namespace + "_" + claim) }
        if volume.object?.keys.contains("emptyDir") == true { return .empty(mount.name) }
        let kind = volume.object?.keys.first { $0 != "name" } ?? "unknown"
        throw refusal(container, mount, "volumes of kind \(kind) can't be had on this worker")
    }

    private static func refusal(_ container: Container, _ mount: VolumeMount, _ why: String) -> PodRefusal {
        PodRefusal("CreateContainerConfigError", "container \(container.name) mounts volume \(mount.name) at \(mount.mountPath): \(why)")
    }
}
