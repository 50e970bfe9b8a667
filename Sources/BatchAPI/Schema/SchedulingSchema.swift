extension Schema {
    /// What says where a pod may run.
    static let schedulingTypes: [String: Fields] = [
        "Affinity": [
            "nodeAffinity": .object("NodeAffinity"), "podAffinity": .object("PodAffinity"),
            "podAntiAffinity": .object("PodAntiAffinity"),
        ],
        "NodeAffinity": [
            "preferredDuringSchedulingIgnoredDuringExecution": .list(.object("PreferredSchedulingTerm")),
            "requiredDuringSchedulingIgnoredDuringExecution": .object("NodeSelector"),
        ],
        "NodeSelector": [
            "nodeSelectorTerms": .list(.object("NodeSelectorTerm")),
        ],
        "NodeSelectorRequirement": [
            "key": .string, "operator": .string, "values": .list(.string),
        ],
        "NodeSelectorTerm": [
            "matchExpressions": .list(.object("NodeSelectorRequirement")),
            "matchFields": .list(.object("NodeSelectorRequirement")),
        ],
        "PodAffinity": [
            "preferredDuringSchedulingIgnoredDuringExecution": .list(.object("WeightedPodAffinityTerm")),
            "requiredDuringSchedulingIgnoredDuringExecution": .list(.object("PodAffinityTerm")),
        ],
        "PodAffinityTerm": [
            "labelSelector": .object("LabelSelector"), "matchLabelKeys": .list(.string), "mismatchLabelKeys": .list(.string),
            "namespaceSelector": .object("LabelSelector"), "namespaces": .list(.string), "topologyKey": .string,
        ],
        "PodAntiAffinity": [
            "preferredDuringSchedulingIgnoredDuringExecution": .list(.object("WeightedPodAffinityTerm")),
            "requiredDuringSchedulingIgnoredDuringExecution": .list(.object("PodAffinityTerm")),
        ],
        "PodSchedulingGate": [
            "name": .string,
        ],
        "PodSchedulingGroup": [
            "podGroupName": .string,
        ],
        "PreferredSchedulingTerm": [
            "preference": .object("NodeSelectorTerm"), "weight": .int32,
        ],
        "Toleration": [
            "effect": .string, "key": .string, "operator": .string, "tolerationSeconds": .int64, "value": .string,
        ],
        "TopologySpreadConstraint": [
            "labelSelector": .object("LabelSelector"), "matchLabelKeys": .list(.string), "maxSkew": .int32,
            "minDomains": .int32, "nodeAffinityPolicy": .string, "nodeTaintsPolicy": .string, "topologyKey": .string,
            "whenUnsatisfiable": .string,
        ],
        "WeightedPodAffinityTerm": [
            "podAffinityTerm": .object("PodAffinityTerm"), "weight": .int32,
        ],
    ]
}
