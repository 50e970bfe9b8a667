import BatchAPI

/// A volume of a pod, before it is made on this node.
public struct VolumePlan: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        /// Of the pod's own, gone with it: on disk, and looked at for its size, or in memory, which holds no more.
        case empty(inMemory: Bool, limit: Int64?)
        /// A directory of the namespace's claim, kept by the worker.
        case claim(String)
        /// A path of the host, of a type as in the manifest: "Directory", "FileOrCreate", "" for any ...
        case host(String, type: String)
        /// Files that are written for the pod and gone with it.
        case files([VolumeFile])
    }

    public var name: String
    public var source: Source

    /// Whether it is made for the pod and gone with it.
    var isOwn: Bool { switch source { case .empty, .files: true; case .claim, .host: false } }

    /// Files are never written by the pod.
    var isReadOnly: Bool { if case .files = source { true } else { false } }
}

/// A file that a ConfigMap, a Secret or the pod's own fields fill.
public struct VolumeFile: Sendable, Hashable {
    /// Below the volume's root.
    public var path: String
    public var bytes: [UInt8]
    public var mode: UInt32
}

/// A place at which a container sees a volume.
public struct MountPlan: Sendable, Hashable {
    public var volume: String
    public var subPath: String?
    public var target: String
    public var isReadOnly: Bool

    /// The mounts of a container whose environment is `variables`.
    static func plans(_ container: Container, _ pod: PodSpec, _ volumes: [VolumePlan], _ variables: [String: String]) throws(PodRefusal) -> [MountPlan] {
        var plans: [MountPlan] = []
        for mount in container.volumeMounts {
            guard let volume = volumes.first(where: { $0.name == mount.name }) else {
                throw .configuration("container \(container.name) mounts volume \(mount.name), which the pod does not have")
            }
            if let propagation = mount.raw["mountPropagation"]?.string, propagation != "None" {
                throw refusal(container, mount, "mountPropagation \(propagation) can't be had on this worker")
            }
            let subPath = mount.subPathExpr.map { VariableExpansion.expand($0, variables) } ?? mount.subPath
            if let subPath, subPath.hasPrefix("/") || subPath.split(separator: "/").contains("..") {
                throw refusal(container, mount, "subPath \(subPath) leaves the volume")
            }
            plans.append(
                MountPlan(
                    volume: mount.name, subPath: subPath?.isEmpty == true ? nil : subPath, target: absolute(mount.mountPath),
                    isReadOnly: mount.readOnly || volume.isReadOnly || isReadOnlyClaim(pod, mount.name)))
        }
        return plans
    }

    private static func isReadOnlyClaim(_ pod: PodSpec, _ name: String) -> Bool {
        pod.volumes.first { $0["name"]?.string == name }?["persistentVolumeClaim"]?["readOnly"]?.bool == true
    }

    /// A mount path is taken from the root.
    private static func absolute(_ path: String) -> String { "/" + path.split(separator: "/").joined(separator: "/") }

    private static func refusal(_ container: Container, _ mount: VolumeMount, _ why: String) -> PodRefusal {
        .configuration("container \(container.name) mounts volume \(mount.name) at \(mount.mountPath): \(why)")
    }
}
