import BatchAPI
import Glibc

/// Tells machines apart that have nodes of the same name.
func machineID() -> String { firstLine("/etc/machine-id") ?? bootID() ?? "unknown" }

/// What is shown of a host; see `NodeRegistration`.
func hostFacts() -> [String: String] {
    var facts = ["machineID": machineID(), "systemUUID": firstLine("/sys/class/dmi/id/product_uuid") ?? machineID(), "bootID": bootID() ?? ""]
    facts["kernelVersion"] = firstLine("/proc/sys/kernel/osrelease") ?? ""
    facts["osImage"] = osImage() ?? "Linux"
    #if arch(x86_64)
        facts["architecture"] = "amd64"
    #else
        facts["architecture"] = "arm64"
    #endif
    facts["cpu"] = String(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    facts["memory"] = "\(sysconf(Int32(_SC_PHYS_PAGES)) * (sysconf(Int32(_SC_PAGESIZE)) / 1024))Ki"
    return facts
}

/// What pods may use up of a host in all; its files lie in the folder.
func hostCapacity(_ facts: [String: String], folder: String) -> [String: Quantity] {
    var capacity: [String: Quantity] = [:]
    for name in ["cpu", "memory"] { capacity[name] = facts[name].flatMap { try? Quantity($0) } }
    var disk = statvfs()
    if statvfs(folder, &disk) == 0 {
        capacity["ephemeral-storage"] = Quantity(nanos: Int128(disk.f_blocks) * Int128(disk.f_frsize) * 1_000_000_000, format: .binary)
    }
    return capacity
}

private func firstLine(_ path: String) -> String? {
    guard let line = readSmallFile(path)?.prefix(while: { $0 != "\n" }), !line.isEmpty else { return nil }
    return String(line)
}

private func bootID() -> String? { firstLine("/proc/sys/kernel/random/boot_id") }

private func osImage() -> String? {
    for line in (readSmallFile("/etc/os-release") ?? "").split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
        return line.dropFirst("PRETTY_NAME=".count).trimmingPrefix("\"").split(separator: "\"").first.map { String($0) }
    }
    return nil
}

/// The host's name, in lower case as node names are.
public func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, 255) == 0 else { return "localhost" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).lowercased()
}
