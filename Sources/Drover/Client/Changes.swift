import Broker

/// Waits for changes in the store: one wait at a time, whoever asks shares it.
actor Changes {
    private let broker: any Broker & ChangeLog
    private var waiting: Task<Void, Never>?

    init(broker: any Broker & ChangeLog) { self.broker = broker }

    /// Comes back once something may have changed since, after 5 s at the latest; not more often than 50 times a second, as a busy store
    /// changes all the time.
    func wait(after version: Int64) async throws(DroverError) {
        do { try await Task.sleep(for: .milliseconds(20)) } catch { throw DroverError(.cancelled, "the wait was cancelled") }
        let broker = broker
        let task = waiting ?? Task {
            try? await broker.waitForChanges(after: version, timeout: .seconds(5))
            waiting = nil
        }
        waiting = task
        await task.value
    }
}
