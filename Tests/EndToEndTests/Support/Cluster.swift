import Foundation
import Testing

/// One Redis with a password, two coordinators, three workers: each a process on a host of its own.
final class Cluster: @unchecked Sendable {
    let hosts: Hosts
    let scratch: Scratch
    private(set) var redis: Command?
    private(set) var coordinators: [Int: Command] = [:]
    private(set) var workers: [Int: Command] = [:]
    private let flags: [String]
    private static let password = "s3cret"

    /// Host 1 is Redis', 2 and 3 the coordinators', 4 to 6 the workers'.
    init?(flags: [String]) throws {
        guard let hosts = Hosts(6) else { return nil }
        (self.hosts, self.flags) = (hosts, flags)
        scratch = try Scratch()
        try startRedis()
        for number in 1...2 { try startCoordinator(number) }
        for number in 1...3 { try startWorker(number) }
    }

    private var url: String { "redis://:\(Self.password)@\(hosts.address(1)):6399" }

    private func start(_ host: Int, _ command: [String]) throws -> Command {
        try Command("/usr/bin/nsenter", hosts.on(host, command), environment: ["DROVER_REDIS": url, "SWIFT_BACKTRACE": "enable=no"])
    }

    func startRedis() throws {
        redis = try start(
            1,
            [
                "redis-server", "--port", "6399", "--bind", hosts.address(1), "--requirepass", Self.password, "--dir", scratch.root, "--save", "",
                "--appendonly", "yes", "--appendfsync", "everysec", "--loglevel", "warning",
            ])
    }

    func startCoordinator(_ number: Int) throws {
        coordinators[number] = try start(1 + number, [Drover.path, "coordinator", "--listen", "127.0.0.1:7480", "--log-level", "info"] + flags)
    }

    func startWorker(_ number: Int) throws {
        let policy = flags.filter { !$0.hasPrefix("--pod-failure") }
        workers[number] = try start(
            3 + number, [Drover.path, "worker", "--name", "w\(number)", "--slots", "8", "--data", scratch.path("w\(number)"), "--log-level", "info"] + policy)
    }

    func killRedis() { redis?.end() }
    func killCoordinator(_ number: Int) { coordinators[number]?.end() }

    /// The API of a coordinator, asked on its own host.
    func kubectl(_ number: Int, _ arguments: [String], input: String? = nil) async throws -> Drover.Result {
        let command = try Command(
            "/usr/bin/nsenter", hosts.on(1 + number, ["kubectl", "--server", "http://127.0.0.1:7480"] + arguments), environment: ["HOME": scratch.root], input: input)
        return try await command.finish(limit: 60)
    }

    /// Which coordinator leads, by the Lease.
    func leader(asking number: Int) async throws -> String {
        try await kubectl(number, ["get", "--raw", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/drover"]).output
    }

    func end() {
        for command in Array(workers.values) + Array(coordinators.values) { command.end() }
        redis?.end()
    }

    /// Why it did not work.
    var story: String {
        (coordinators.map { "c\($0.key): \($0.value.errors.suffix(1500))" } + workers.map { "w\($0.key): \($0.value.errors.suffix(1500))" }).joined(separator: "\n")
    }
}
