/// Keeps a guardian alive. Without one nothing is claimed; what runs goes on and is covered by the next.
struct GuardianLoop {
    let node: NodeContext
    let runtime: ProcessRuntime

    /// Runs until cancelled.
    func run() async {
        while !Task.isCancelled {
            let guardian = runtime.currentGuardian
            for await _ in guardian.closed {}
            if Task.isCancelled { return }
            _ = await guardian.died()
            if Task.isCancelled || node.parking.isClosed { return }
            node.admission.shut(.guardian)
            node.logger.warning("the guardian has died: nothing is claimed until there is a new one")
            await replace(guardian)
        }
    }

    private func replace(_ guardian: GuardianClient) async {
        while !Task.isCancelled {
            do {
                runtime.replaceGuardian(try guardian.restarted())
                return node.admission.clear(.guardian)
            } catch {
                node.logger.error("no new guardian: \(error)")
                try? await node.time.sleep(for: .seconds(1))
            }
        }
    }
}
