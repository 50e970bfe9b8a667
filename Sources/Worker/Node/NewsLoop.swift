import Broker

/// Waits for what the store pushes to this node. Comes back by itself after 5 to 10 s, and then one slot looks for work: a lost hint
/// costs seconds, never correctness.
struct NewsLoop {
    let node: NodeContext
    let logs: LogServer?

    /// Runs until cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(BrokerError) {
                let news = try await node.broker.waitForNews(node: node.options.name, timeout: node.time.duration(from: .seconds(5), to: .seconds(10)))
                for one in news { handle(one) }
                if news.contains(.classes) || node.placement.isStale(node.time.now) { await node.refreshPlacement() }
                if news.isEmpty { node.mayWork() }
            } catch {
                // The store is away. When it is back it wants to hear at once what runs here.
                try? await node.time.sleep(for: .milliseconds(200))
                node.pulse.kick()
            }
        }
    }

    private func handle(_ news: NodeNews) {
        switch news {
        case .work: node.mayWork()
        case .granted(let slot, let sequence, let grant): node.hand(slot, sequence, grant)
        case .ask(let slot): node.ask(slot)
        case .classes: break
        case .stop(let job, let token, let grace): node.stop(job: job, token: token, grace: grace)
        case .logs(let request): logs?.serve(request)
        }
    }
}
