import Broker
import Logging

/// While it leads: expires the leases of nodes that have not renewed for their whole lease, as seen on this replica's own clock.
struct ReaperLoop {
    let broker: any Broker
    let office: Office
    let time: any Timekeeper
    let logger: Logger

    /// Runs until cancelled.
    func run() async {
        let start = time.now
        var liveness = Liveness()
        var last = start, known: Int64?
        var pause = Duration.seconds(1)
        while let epoch = await office.taken() {
            do throws(BrokerError) {
                let nodes = try await broker.nodes()
                // A new leader, or one that was stopped or without a store, has not watched: it starts to count anew.
                if epoch != known || time.now - last > pause * 2 + .seconds(1) { liveness.reset() }
                (known, last) = (epoch, time.now)
                let seen = nodes.map { (name: $0.name, instance: $0.instance, renewal: $0.renewal, lease: $0.lease) }
                for name in liveness.observe(seen, now: last - start) { try await expire(nodes.first { $0.name == name }!, epoch) }
                pause = min(.seconds(5), max(.milliseconds(200), (nodes.map(\.lease).min() ?? .seconds(30)) / 6))
            } catch {
                liveness.reset()
            }
            try? await time.sleep(for: pause)
        }
    }

    private func expire(_ node: NodeRecord, _ epoch: Int64) async throws(BrokerError) {
        logger.warning("node \(node.name) has not renewed its lease: its attempts are lost")
        while try await broker.expire(node: node.name, instance: node.instance, renewal: node.renewal, epoch: epoch) > 0 {}
    }
}
