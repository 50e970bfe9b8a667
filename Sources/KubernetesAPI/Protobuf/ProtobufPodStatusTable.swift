extension ProtobufTable {
    /// Pods as they are.
    static let podStatusTypes: [String: Fields] = [
        "ContainerState": [
            1: ("waiting", .optional(.object("ContainerStateWaiting"))),
            2: ("running", .optional(.object("ContainerStateRunning"))),
            3: ("terminated", .optional(.object("ContainerStateTerminated"))),
        ],
        "ContainerStateRunning": [
            1: ("startedAt", .time),
        ],
        "ContainerStateTerminated": [
            1: ("exitCode", .int32), 2: ("signal", .int32), 3: ("reason", .string), 4: ("message", .string),
            5: ("startedAt", .time), 6: ("finishedAt", .time), 7: ("containerID", .string),
        ],
        "ContainerStateWaiting": [
            1: ("reason", .string), 2: ("message", .string),
        ],
        "ContainerStatus": [
            1: ("name", .string), 2: ("state", .object("ContainerState")), 3: ("lastState", .object("ContainerState")),
            4: ("ready", .bool), 5: ("restartCount", .int32), 6: ("image", .string), 7: ("imageID", .string),
            8: ("containerID", .string), 9: ("started", .optional(.bool)), 10: ("allocatedResources", .map(.quantity)),
            11: ("resources", .optional(.object("ResourceRequirements"))),
            12: ("volumeMounts", .list(.object("VolumeMountStatus"))), 13: ("user", .optional(.object("ContainerUser"))),
            14: ("allocatedResourcesStatus", .list(.object("ResourceStatus"))), 15: ("stopSignal", .optional(.string)),
        ],
        "ContainerUser": [
            1: ("linux", .optional(.object("LinuxContainerUser"))),
        ],
        "HostIP": [
            1: ("ip", .string),
        ],
        "LinuxContainerUser": [
            1: ("uid", .int64), 2: ("gid", .int64), 3: ("supplementalGroups", .list(.int64)),
        ],
        "PodCondition": [
            1: ("type", .string), 2: ("status", .string), 3: ("lastProbeTime", .time), 4: ("lastTransitionTime", .time),
            5: ("reason", .string), 6: ("message", .string), 7: ("observedGeneration", .int64),
        ],
        "PodIP": [
            1: ("ip", .string),
        ],
        "PodResourceClaimStatus": [
            1: ("name", .string), 2: ("resourceClaimName", .optional(.string)),
        ],
        "PodStatus": [
            1: ("phase", .string), 2: ("conditions", .list(.object("PodCondition"))), 3: ("message", .string),
            4: ("reason", .string), 5: ("hostIP", .string), 6: ("podIP", .string), 7: ("startTime", .optional(.time)),
            8: ("containerStatuses", .list(.object("ContainerStatus"))), 9: ("qosClass", .string),
            10: ("initContainerStatuses", .list(.object("ContainerStatus"))), 11: ("nominatedNodeName", .string),
            12: ("podIPs", .list(.object("PodIP"))), 13: ("ephemeralContainerStatuses", .list(.object("ContainerStatus"))),
            14: ("resize", .string), 15: ("resourceClaimStatuses", .list(.object("PodResourceClaimStatus"))),
            16: ("hostIPs", .list(.object("HostIP"))), 17: ("observedGeneration", .int64),
        ],
        "ResourceHealth": [
            1: ("resourceID", .string), 2: ("health", .string),
        ],
        "ResourceStatus": [
            1: ("name", .string), 2: ("resources", .list(.object("ResourceHealth"))),
        ],
        "VolumeMountStatus": [
            1: ("name", .string), 2: ("mountPath", .string), 3: ("readOnly", .bool), 4: ("recursiveReadOnly", .optional(.string)),
        ],
    ]
}
