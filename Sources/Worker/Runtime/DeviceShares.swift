import BatchAPI

/// How a pod's devices go to its containers: each of those that run side by side has its own; an init container has from the pod's what no
/// sidecar before it holds.
enum DeviceShares {
    /// The ids of each container, by its name and the resource.
    static func split(_ share: DeviceBook.Share, _ pod: PodSpec) -> [String: DeviceBook.Share] {
        var result: [String: DeviceBook.Share] = [:]
        for (resource, ids) in share {
            var left = ids[...]
            for container in pod.initContainers {
                let own = left.prefix(count(container, resource))
                if !own.isEmpty { result[container.name, default: [:]][resource] = Array(own) }
                if container.restartPolicy == "Always" { left = left.dropFirst(own.count) }
            }
            for container in pod.containers {
                let own = left.prefix(count(container, resource))
                left = left.dropFirst(own.count)
                if !own.isEmpty { result[container.name, default: [:]][resource] = Array(own) }
            }
        }
        return result
    }

    private static func count(_ container: Container, _ resource: String) -> Int {
        (container.request(resource) ?? container.limit(resource)).flatMap { try? Quantity($0) }.map { Int($0.wholeUnits) } ?? 0
    }

    /// What a container is told: `DROVER_RESOURCE_NVIDIA_COM_GPU=0,1`, and for GPUs the names that their libraries read.
    static func environment(_ share: DeviceBook.Share) -> [String: String] {
        var variables: [String: String] = [:]
        for (resource, ids) in share {
            let text = ids.joined(separator: ",")
            variables["DROVER_RESOURCE_" + String(resource.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })] = text
            for name in wellKnown[resource] ?? [] { variables[name] = text }
        }
        return variables
    }

    private static let wellKnown = [
        "nvidia.com/gpu": ["NVIDIA_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES"], "amd.com/gpu": ["ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"],
    ]
}
