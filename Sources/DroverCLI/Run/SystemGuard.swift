import Glibc
import Worker

/// Ends a private system when it is told to, or when its Redis dies.
struct SystemGuard: Sendable {
    let system: PrivateSystem
    let interruption: Interruption
    let shutdownTimeout: Duration
    /// Told of a loss.
    let say: @Sendable (String) -> Void
    /// How long after its time-outs the store is waited for by others than the worker.
    private static let margin = Duration.seconds(1)

    /// The first signal ends what runs in order, the second at once, the third this process. Runs until cancelled.
    func heed(_ signals: AsyncStream<Int32>) async {
        var count = 0
        for await _ in signals {
            count += 1
            interruption.set(.signal)
            if count == 1 { system.worker.drain() } else { system.worker.abort() }
            if count > 2 { _exit(130) }
            hangUp(after: count == 1 ? shutdownTimeout + Self.margin : Self.margin)
        }
    }

    /// A redis-server that hangs holds nobody up: calls fail from then on.
    private func hangUp(after limit: Duration) {
        Task {
            try? await Task.sleep(for: limit)
            await system.broker.close()
        }
    }

    /// Waits for the end of the redis-server, which nothing can go on without. Cancelled, it has nothing more to say.
    func watchRedis() async {
        _ = await system.redis.process.end()
        if Task.isCancelled { return }
        let end = system.redis.end
        await lose("the private \(end.line)", story: "the private \(end.story)")
    }

    /// The store can't be used any more: what runs is ended at once.
    func lose(_ reason: String, story: String? = nil) async {
        if interruption.set(.lost(reason)) { say(story ?? reason) }
        system.worker.abort()
        await system.broker.close()
    }

    /// Nobody reads the output.
    func closePipe() {
        interruption.set(.brokenPipe)
        system.worker.abort()
    }
}
