import BatchAPI
import Broker
import Logging

/// While it leads: looks at every Job that has news or is due, in turn.
struct AgendaLoop {
    let broker: any Broker
    let options: CoordinatorOptions
    let office: Office
    let time: any Timekeeper
    let logger: Logger

    /// Runs until cancelled.
    func run() async {
        var known: Int64?
        while let epoch = await office.taken() {
            do throws(BrokerError) {
                let metrics = JobMetrics(factory: options.metrics, clock: { [time] in time.now })
                let pass = AgendaPass(broker: broker, policy: options.policy, epoch: epoch, logger: logger, metrics: metrics)
                let agenda = try await pass.run(rebuild: known != epoch)
                known = epoch
                if agenda.jobs.isEmpty { try await wait(agenda) }
            } catch {
                known = nil
                if error.code != .cancelled { logger.warning("agenda: \(error)") }
                try? await time.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Until there is news, the next is due, or 5 to 10 s have passed.
    private func wait(_ agenda: Agenda) async throws(BrokerError) {
        var longest = time.duration(from: .seconds(5), to: .seconds(10))
        if let next = agenda.next { longest = min(longest, max(next - agenda.now, .milliseconds(1))) }
        try await broker.waitForAgenda(timeout: longest)
    }
}
