extension ProtobufTable {
    /// Where a pod may run.
    static let schedulingTypes: [String: Fields] = [
        "Affinity": [
            1: ("nodeAffinity", .optional(.object("NodeAffinity"))), 2: ("podAffinity", .optional(.object("PodAffinity"))),
            3: ("podAntiAffinity", .optional(.object("PodAntiAffinity"))),
        ],
        "NodeAffinity": [
            1: ("requiredDuringSchedulingIgnoredDuringExecution", .optional(.object("NodeSelector"))),
            2: ("preferredDuringSchedulingIgnoredDuringExecution", .list(.object("PreferredSchedulingTerm"))),
        ],
        "NodeSelector": [
            1: ("nodeSelectorTerms", .list(.object("NodeSelectorTerm"))),
        ],
        "NodeSelectorRequirement": [
            1: ("key", .string), 2: ("operator", .string), 3: ("values", .list(.string)),
        ],
        "NodeSelectorTerm": [
            1: ("matchExpressions", .list(.object("NodeSelectorRequirement"))),
            2: ("matchFields", .list(.object("NodeSelectorRequirement"))),
        ],
        "PodAffinity": [
            1: ("requiredDuringSchedulingIgnoredDuringExecution", .list(.object("PodAffinityTerm"))),
            2: ("preferredDuringSchedulingIgnoredDuringExecution", .list(.object("WeightedPodAffinityTerm"))),
        ],
        "PodAffinityTerm": [
            1: ("labelSelector", .optional(.object("LabelSelector"))), 2: ("namespaces", .list(.string)),
            3: ("topologyKey", .string), 4: ("namespaceSelector", .optional(.object("LabelSelector"))),
            5: ("matchLabelKeys", .list(.string)), 6: ("mismatchLabelKeys", .list(.string)),
        ],
        "PodAntiAffinity": [
            1: ("requiredDuringSchedulingIgnoredDuringExecution", .list(.object("PodAffinityTerm"))),
            2: ("preferredDuringSchedulingIgnoredDuringExecution", .list(.object("WeightedPodAffinityTerm"))),
        ],
        "PreferredSchedulingTerm": [
            1: ("weight", .int32), 2: ("preference", .object("NodeSelectorTerm")),
        ],
        "Toleration": [
            1: ("key", .string), 2: ("operator", .string), 3: ("value", .string), 4: ("effect", .string),
            5: ("tolerationSeconds", .optional(.int64)),
        ],
        "TopologySpreadConstraint": [
            1: ("maxSkew", .int32), 2: ("topologyKey", .string), 3: ("whenUnsatisfiable", .string),
            4: ("labelSelector", .optional(.object("LabelSelector"))), 5: ("minDomains", .optional(.int32)),
            6: ("nodeAffinityPolicy", .optional(.string)), 7: ("nodeTaintsPolicy", .optional(.string)),
            8: ("matchLabelKeys", .list(.string)),
        ],
        "WeightedPodAffinityTerm": [
            1: ("weight", .int32), 2: ("podAffinityTerm", .object("PodAffinityTerm")),
        ],
    ]
}
