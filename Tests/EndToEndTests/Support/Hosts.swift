import Foundation

/// Several hosts in one machine: network namespaces on a switch that is a namespace, too. Nothing shows in the machine's own network.
final class Hosts: @unchecked Sendable {
    let count: Int
    private let mark: String

    /// nil where namespaces can't be made.
    init?(_ count: Int) {
        self.count = count
        mark = "d" + String(UInt32.random(in: 0x1000...0xFFFF), radix: 16)
        guard geteuid() == 0, Shell.run("ip netns add \(mark)sw") == 0 else { return nil }
        Shell.run("ip -n \(mark)sw link add br0 type bridge; ip -n \(mark)sw link set br0 up")
        for host in 1...count {
            Shell.run(
                """
                ip netns add \(name(host)); ip -n \(mark)sw link add v\(host) type veth peer name eth0 netns \(name(host))
                ip -n \(mark)sw link set v\(host) master br0; ip -n \(mark)sw link set v\(host) up
                ip -n \(name(host)) addr add \(address(host))/24 dev eth0; ip -n \(name(host)) link set eth0 up; ip -n \(name(host)) link set lo up
                """)
        }
    }

    func name(_ host: Int) -> String { "\(mark)h\(host)" }
    func address(_ host: Int) -> String { "10.77.0.\(host)" }

    /// Arguments of nsenter that run a command on a host; unlike `ip netns exec` it leaves the mounts, and so the cgroups, in sight.
    func on(_ host: Int, _ command: [String]) -> [String] { ["--net=/run/netns/" + name(host)] + command }

    /// Cuts a host off, or joins it again.
    func link(_ host: Int, up: Bool) { Shell.run("ip -n \(mark)sw link set v\(host) \(up ? "up" : "down")") }

    deinit {
        for host in 1...count { Shell.run("ip netns del \(name(host))") }
        Shell.run("ip netns del \(mark)sw")
    }
}

enum Shell {
    /// Runs a script to its end; its exit status.
    @discardableResult
    static func run(_ script: String) -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
