import BatchAPI
import Glibc

/// Values of `resourceFieldRef`: amounts of a container, in units of the divisor, rounded up.
enum ResourceField {
    /// - Parameter container: whose amounts are meant unless the reference names another one of the pod.
    static func text(_ reference: Value, _ pod: PodSpec, of container: Container?, _ place: String) throws(PodRefusal) -> String {
        let name = reference["containerName"]?.string ?? "", resource = reference["resource"]?.string ?? ""
        let parts = resource.split(separator: ".", maxSplits: 1).map { String($0) }
        guard let meant = name.isEmpty ? container : (pod.containers + pod.initContainers).first(where: { $0.name == name }), parts.count == 2 else {
            throw .configuration("\(place): \(resource) of container \"\(name)\" is not known here")
        }
        let amount = quantity(meant, kind: parts[0], resource: parts[1])
        let divisor = reference["divisor"].flatMap { try? Quantity($0) }.map(\.nanos) ?? 0
        let unit = divisor == 0 ? 1_000_000_000 : divisor
        return String((amount + unit - 1) / unit)
    }

    /// In billionths. Without a limit it is what the host has, without a request nothing.
    private static func quantity(_ container: Container, kind: String, resource: String) -> Int128 {
        let stated = kind == "limits" ? container.limit(resource) : container.request(resource) ?? container.limit(resource)
        if let stated, let quantity = try? Quantity(stated) { return quantity.nanos }
        guard kind == "limits" else { return 0 }
        switch resource {
        case "cpu": return Int128(sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 1_000_000_000
        case "memory": return Int128(sysconf(Int32(_SC_PHYS_PAGES))) * Int128(sysconf(Int32(_SC_PAGESIZE))) * 1_000_000_000
        default: return 0
        }
    }
}
