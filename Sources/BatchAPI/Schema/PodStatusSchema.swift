extension Schema {
    /// What a pod's status holds.
    static let podStatusTypes: [String: Fields] = [
        "ContainerExtendedResourceRequest": [
            "containerName": .string, "requestName": .string, "resourceName": .string,
        ],
        "ContainerState": [
            "running": .object("ContainerStateRunning"), "terminated": .object("ContainerStateTerminated"),
            "waiting": .object("ContainerStateWaiting"),
        ],
        "ContainerStateRunning": [
            "startedAt": .time,
        ],
        "ContainerStateTerminated": [
            "containerID": .string, "exitCode": .int32, "finishedAt": .time, "message": .string, "reason": .string,
            "signal": .int32, "startedAt": .time,
        ],
        "ContainerStateWaiting": [
            "message": .string, "reason": .string,
        ],
        "ContainerStatus": [
            "allocatedResources": .map(.quantity),
            "allocatedResourcesStatus": .list(.object("ResourceStatus"), mergeKey: "name"), "containerID": .string,
            "image": .string, "imageID": .string, "lastState": .object("ContainerState"), "name": .string, "ready": .bool,
            "resources": .object("ResourceRequirements"), "restartCount": .int32, "started": .bool,
            "state": .object("ContainerState"), "stopSignal": .string, "user": .object("ContainerUser"),
            "volumeMounts": .list(.object("VolumeMountStatus"), mergeKey: "mountPath"),
        ],
        "ContainerUser": [
            "linux": .object("LinuxContainerUser"),
        ],
        "HostIP": [
            "ip": .string,
        ],
        "ImageVolumeStatus": [
            "imageRef": .string,
        ],
        "LinuxContainerUser": [
            "gid": .int64, "supplementalGroups": .list(.int64), "uid": .int64,
        ],
        "NodeAllocatableResourceClaimStatus": [
            "containers": .list(.string), "resourceClaimName": .string, "resources": .map(.quantity),
        ],
        "PodCondition": [
            "lastProbeTime": .time, "lastTransitionTime": .time, "message": .string, "observedGeneration": .int64,
            "reason": .string, "status": .string, "type": .string,
        ],
        "PodExtendedResourceClaimStatus": [
            "requestMappings": .list(.object("ContainerExtendedResourceRequest")), "resourceClaimName": .string,
        ],
        "PodIP": [
            "ip": .string,
        ],
        "PodResourceClaimStatus": [
            "name": .string, "resourceClaimName": .string,
        ],
        "PodStatus": [
            "allocatedResources": .map(.quantity), "conditions": .list(.object("PodCondition"), mergeKey: "type"),
            "containerStatuses": .list(.object("ContainerStatus")),
            "ephemeralContainerStatuses": .list(.object("ContainerStatus")),
            "extendedResourceClaimStatus": .object("PodExtendedResourceClaimStatus"), "hostIP": .string,
            "hostIPs": .list(.object("HostIP"), mergeKey: "ip"), "initContainerStatuses": .list(.object("ContainerStatus")),
            "message": .string, "nodeAllocatableResourceClaimStatuses": .list(.object("NodeAllocatableResourceClaimStatus")),
            "nominatedNodeName": .string, "observedGeneration": .int64, "phase": .string, "podIP": .string,
            "podIPs": .list(.object("PodIP"), mergeKey: "ip"), "qosClass": .string, "reason": .string, "resize": .string,
            "resourceClaimStatuses": .list(.object("PodResourceClaimStatus"), mergeKey: "name"),
            "resources": .object("ResourceRequirements"), "startTime": .time,
        ],
        "ResourceHealth": [
            "health": .string, "message": .string, "resourceID": .string,
        ],
        "ResourceStatus": [
            "name": .string, "resources": .list(.object("ResourceHealth")),
        ],
        "VolumeMountStatus": [
            "mountPath": .string, "name": .string, "readOnly": .bool, "recursiveReadOnly": .string,
            "volumeStatus": .object("VolumeStatus"),
        ],
        "VolumeStatus": [
            "image": .object("ImageVolumeStatus"),
        ],
    ]
}
