import Dispatch
import Glibc
import Logging
import Redis
import RedisBroker
import Worker

/// `drover __guardian TREE`: the small process beside each worker that ends its attempts when it can't.
enum GuardianCommand {
    static func run(_ arguments: [String]) -> Never {
        let tree = arguments.count > 2 && !arguments[2].isEmpty ? CgroupTree(path: arguments[2]) : nil
        let worker = getppid(), sessions = environment("DROVER_SESSIONS")
        guard let url = environment("DROVER_GUARDIAN_REDIS"), let address = try? RedisAddress(url), let node = environment("DROVER_NODE"),
            let instance = environment("DROVER_INSTANCE")
        else { GuardianMain.run(input: 3, output: 4, tree: tree, sessions: sessions) }
        GuardianMain.run(input: 3, output: 4, tree: tree, sessions: sessions) { _ in
            // A worker that lives releases by itself, or has lost its store.
            if getppid() != worker { deregister(node, instance, address) }
        }
    }

    /// The dead worker's node goes, and with it its leases: their items are free at once. Called on a thread of its own.
    private static func deregister(_ node: String, _ instance: String, _ address: RedisAddress) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let broker = RedisBroker(address: address, name: "drover.guardian", logger: Logger(label: "guardian", factory: { _ in SwiftLogNoOpLogHandler() }))
            try? await broker.deregister(name: node, instance: instance, lost: true)
            await broker.close()
            done.signal()
        }
        _ = done.wait(timeout: .now() + 3)
    }
}
