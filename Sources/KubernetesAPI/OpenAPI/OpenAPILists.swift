import BatchAPI

/// How lists and maps merge: in a strategic merge patch by merge key and strategy, in a server-side apply by list type and keys.
enum OpenAPILists {
    /// What stands at a field next to its type.
    static func extensions(_ owner: String, _ field: String, _ type: Schema.FieldType) -> [String: Value] {
        let path = "\(owner).\(field)"
        switch type {
        case .list(_, let key?): return merged(path, by: key)
        case .list where path == "APIResource.verbs": return [:]
        case .list where mapsWithoutPatch[path] != nil: return mapType(keys: [mapsWithoutPatch[path] ?? ""])
        case .list: return ["x-kubernetes-list-type": sets.contains(path) ? "set" : "atomic"]
        case .set: return ["x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge"]
        case .map: return mapTypes[path].map { ["x-kubernetes-map-type": $0] } ?? [:]
        default: return [:]
        }
    }

    private static func merged(_ path: String, by key: String) -> [String: Value] {
        var all = atomic.contains(path) ? ["x-kubernetes-list-type": "atomic"] : mapType(keys: [key] + (furtherKeys[path] ?? []))
        all["x-kubernetes-patch-merge-key"] = .string(key)
        all["x-kubernetes-patch-strategy"] = retainKeys.contains(path) ? "merge,retainKeys" : "merge"
        return all
    }

    private static func mapType(keys: [String]) -> [String: Value] {
        ["x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": .strings(keys)]
    }

    /// Lists that a patch merges and an apply replaces.
    private static let atomic: Set<String> = ["JobStatus.conditions", "PodStatus.hostIPs"]

    /// Lists that only an apply merges, by this key.
    private static let mapsWithoutPatch = ["ResourceRequirements.claims": "name", "ResourceStatus.resources": "resourceID"]

    /// Keys beside the merge key.
    private static let furtherKeys: [String: [String]] = [
        "Container.ports": ["protocol"], "EphemeralContainer.ports": ["protocol"], "PodSpec.topologySpreadConstraints": ["whenUnsatisfiable"],
    ]

    /// Lists whose elements a patch clears of members that it does not name.
    private static let retainKeys: Set<String> = ["PodSpec.resourceClaims", "PodSpec.volumes", "PodStatus.resourceClaimStatuses"]

    private static let sets: Set<String> = [
        "ContainerRestartRuleOnExitCodes.values", "NodeAllocatableResourceClaimStatus.containers",
        "PodFailurePolicyOnExitCodesRequirement.values", "UncountedTerminatedPods.failed", "UncountedTerminatedPods.succeeded",
    ]

    private static let mapTypes: [String: Value] = [
        "PersistentVolumeClaimStatus.allocatedResourceStatuses": "granular", "PodSpec.nodeSelector": "atomic",
    ]

    /// What stands at a whole type.
    static func extensions(of type: String) -> [String: Value] {
        if atomicTypes.contains(type) { return ["x-kubernetes-map-type": "atomic"] }
        return unions[type].map { ["x-kubernetes-unions": [$0]] } ?? [:]
    }

    /// Objects that an apply replaces as a whole.
    private static let atomicTypes: Set<String> = [
        "ConfigMapKeySelector", "FileKeySelector", "LabelSelector", "LocalObjectReference", "NodeSelector", "NodeSelectorTerm", "ObjectFieldSelector",
        "ObjectReference", "OwnerReference", "ResourceFieldSelector", "SecretKeySelector", "TypedLocalObjectReference",
    ]

    /// Objects of which one member rules out the others.
    private static let unions: [String: Value] = [
        "AppArmorProfile": ["discriminator": "type", "fields-to-discriminateBy": ["localhostProfile": "LocalhostProfile"]],
        "PodSchedulingGroup": ["fields-to-discriminateBy": ["podGroupName": "PodGroupName"]],
        "SeccompProfile": ["discriminator": "type", "fields-to-discriminateBy": ["localhostProfile": "LocalhostProfile"]],
    ]
}
