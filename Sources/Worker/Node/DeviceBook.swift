import BatchAPI
import Synchronization

/// The node's devices: units of a resource that are not all alike (`nvidia.com/gpu=0,1`). An attempt is given ids of its own while it lasts.
final class DeviceBook: Sendable {
    /// By resource, those that nobody has.
    private let free: Mutex<[String: [String]]>
    private let names: Set<String>

    init(_ devices: [String: [String]]) {
        free = Mutex(devices)
        names = Set(devices.keys)
    }

    /// What a pod holds, by resource.
    typealias Share = [String: [String]]

    /// As many as the pod asks for, in the node's order; nil if there are not so many.
    func take(_ pod: PodSpec) -> Share? {
        if names.isEmpty { return [:] }
        let wanted = PodRequests.total(pod).filter { names.contains($0.key) }.mapValues { Int($0.wholeUnits) }
        return free.withLock { free in
            guard wanted.allSatisfy({ free[$0.key, default: []].count >= $0.value }) else { return nil }
            var share: Share = [:]
            for (name, count) in wanted {
                share[name] = Array(free[name]!.prefix(count))
                free[name]!.removeFirst(count)
            }
            return share
        }
    }

    func giveBack(_ share: Share) {
        if share.isEmpty { return }
        free.withLock { free in for (name, ids) in share { free[name, default: []] += ids } }
    }
}
