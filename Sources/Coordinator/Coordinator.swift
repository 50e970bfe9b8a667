import Broker
import Logging

/// A coordinator replica: stands for election and, while it leads, decides what becomes of Jobs and of lost nodes.
public struct Coordinator: Sendable {
    private let broker: any Broker
    private let options: CoordinatorOptions
    private let office = Office()
    private let logger: Logger

    public init(broker: any Broker, options: CoordinatorOptions, logger: Logger) {
        (self.broker, self.options, self.logger) = (broker, options, logger)
    }

    /// Runs until the task is cancelled, then gives the lead up.
    public func run() async {
        let election = ElectionLoop(broker: broker, options: options, office: office, logger: logger)
        let agenda = AgendaLoop(broker: broker, options: options, office: office, logger: logger)
        let reaper = ReaperLoop(broker: broker, office: office, logger: logger)
        await withTaskGroup(of: Void.self) { loops in
            loops.addTask { await election.run() }
            loops.addTask { await agenda.run() }
            loops.addTask { await reaper.run() }
        }
        let broker = broker, instance = options.instance
        _ = await Task { try? await broker.resign(instance: instance) }.value
    }
}
