extension Schema {
    /// Nodes and what stands in them.
    static let nodeTypes: [String: Fields] = [
        "AttachedVolume": [
            "devicePath": .string, "name": .string,
        ],
        "ConfigMapNodeConfigSource": [
            "kubeletConfigKey": .string, "name": .string, "namespace": .string, "resourceVersion": .string, "uid": .string,
        ],
        "ContainerImage": [
            "names": .list(.string), "sizeBytes": .int64,
        ],
        "DaemonEndpoint": [
            "Port": .int32,
        ],
        "Node": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"), "spec": .object("NodeSpec"),
            "status": .object("NodeStatus"),
        ],
        "NodeAddress": [
            "address": .string, "type": .string,
        ],
        "NodeCondition": [
            "lastHeartbeatTime": .time, "lastTransitionTime": .time, "message": .string, "reason": .string,
            "status": .string, "type": .string,
        ],
        "NodeConfigSource": [
            "configMap": .object("ConfigMapNodeConfigSource"),
        ],
        "NodeConfigStatus": [
            "active": .object("NodeConfigSource"), "assigned": .object("NodeConfigSource"), "error": .string,
            "lastKnownGood": .object("NodeConfigSource"),
        ],
        "NodeDaemonEndpoints": [
            "kubeletEndpoint": .object("DaemonEndpoint"),
        ],
        "NodeFeatures": [
            "supplementalGroupsPolicy": .bool,
        ],
        "NodeRuntimeHandler": [
            "features": .object("NodeRuntimeHandlerFeatures"), "name": .string,
        ],
        "NodeRuntimeHandlerFeatures": [
            "recursiveReadOnlyMounts": .bool, "userNamespaces": .bool,
        ],
        "NodeSpec": [
            "configSource": .object("NodeConfigSource"), "externalID": .string, "podCIDR": .string,
            "podCIDRs": .set(.string), "providerID": .string, "taints": .list(.object("Taint")), "unschedulable": .bool,
        ],
        "NodeStatus": [
            "addresses": .list(.object("NodeAddress"), mergeKey: "type"), "allocatable": .map(.quantity),
            "capacity": .map(.quantity), "conditions": .list(.object("NodeCondition"), mergeKey: "type"),
            "config": .object("NodeConfigStatus"), "daemonEndpoints": .object("NodeDaemonEndpoints"),
            "declaredFeatures": .list(.string), "features": .object("NodeFeatures"),
            "images": .list(.object("ContainerImage")), "nodeInfo": .object("NodeSystemInfo"), "phase": .string,
            "runtimeHandlers": .list(.object("NodeRuntimeHandler")), "volumesAttached": .list(.object("AttachedVolume")),
            "volumesInUse": .list(.string),
        ],
        "NodeSwapStatus": [
            "capacity": .int64,
        ],
        "NodeSystemInfo": [
            "architecture": .string, "bootID": .string, "containerRuntimeVersion": .string, "kernelVersion": .string,
            "kubeletVersion": .string, "kubeProxyVersion": .string, "machineID": .string, "operatingSystem": .string,
            "osImage": .string, "swap": .object("NodeSwapStatus"), "systemUUID": .string,
        ],
        "Taint": [
            "effect": .string, "key": .string, "timeAdded": .time, "value": .string,
        ],
    ]
}
