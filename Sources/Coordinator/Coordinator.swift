import Broker
import Logging

/// A coordinator replica: stands for election and, while it leads, decides what becomes of Jobs and of lost nodes.
public struct Coordinator: Sendable {
    private let broker: any Broker
    private let options: CoordinatorOptions
    private let office = Office()
    private let time: any Timekeeper
    private let logger: Logger

    public init(broker: any Broker, options: CoordinatorOptions, time: any Timekeeper, logger: Logger) {
        (self.broker, self.options, self.time, self.logger) = (broker, options, time, logger)
    }

    /// Runs until the task is cancelled, then gives the lead up.
    public func run() async {
        let election = ElectionLoop(broker: broker, options: options, office: office, time: time, logger: logger)
        let agenda = AgendaLoop(broker: broker, options: options, office: office, time: time, logger: logger)
        let reaper = ReaperLoop(broker: broker, office: office, time: time, logger: logger)
        await withTaskGroup(of: Void.self) { loops in
            loops.addTask { await election.run() }
            loops.addTask { await agenda.run() }
            loops.addTask { await reaper.run() }
        }
        let broker = broker, instance = options.instance
        await time.spawn { try? await broker.resign(instance: instance) }.value
    }
}
