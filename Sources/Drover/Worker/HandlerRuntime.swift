import BatchAPI
import Broker
import Worker

/// Runs chunks with the handlers of this program, each slot on a thread of a pool of its own: a handler that never suspends holds up neither
/// the heartbeat nor other slots.
final class HandlerRuntime: NodeRuntime {
    private let handlers: Handlers
    private let meters: ItemMeters
    private let threads: [SlotThread]

    init(handlers: Handlers, meters: ItemMeters, slots: Int) {
        (self.handlers, self.meters) = (handlers, meters)
        threads = (0..<min(slots, DroverWorker.mostThreads)).map { _ in SlotThread() }
    }

    func slot(_ number: Int, of node: NodeContext) -> any SlotRuntime { NoProcesses() }

    func chunks(_ slot: Int, of node: NodeContext) -> (any ChunkRuntime)? {
        HandlerSlot(handlers: handlers, meters: meters, thread: threads[slot % threads.count])
    }

    func extend(until deadline: UInt64) {}
    func attend(_ node: NodeContext) async { await FenceLoop(node: node).run() }
    func close() async { for thread in threads { thread.close() } }
}

/// Attempts that are none of a handler's are refused.
private struct NoProcesses: SlotRuntime {
    mutating func prepare(_ attempt: Attempt) async throws(PodRefusal) -> AttemptConduct {
        throw .configuration("this worker runs handlers only: set spec.template.spec.runtimeClassName to \"handler\"")
    }
    mutating func runOnce(_ attempt: Attempt, restart: Int) async -> Ending { fatalError("nothing was prepared") }
    mutating func clear(_ attempt: Attempt) {}
}

/// The chunks of one slot.
private struct HandlerSlot: ChunkRuntime {
    let handlers: Handlers
    let meters: ItemMeters
    let thread: SlotThread
    private var known: (job: ItemJob, handler: Handler?)?

    init(handlers: Handlers, meters: ItemMeters, thread: SlotThread) { (self.handlers, self.meters, self.thread) = (handlers, meters, thread) }

    mutating func run(_ chunk: Chunk) async -> ChunkOutcome {
        let (job, handler) = lookUp(chunk.job)
        guard let handler else { return refuse(chunk) }
        let task = Task(executorPreference: thread) { await Self.run(chunk, job, handler) }
        chunk.onCancel { task.cancel() }
        let outcome = await task.value
        meters.count(outcome, of: chunk.job)
        return outcome
    }

    private mutating func lookUp(_ job: Job) -> (ItemJob, Handler?) {
        if let known, known.job.uid == job.metadata.uid { return known }
        let container = job.spec.template.spec.containers.first
        let variables = (container?.env ?? []).compactMap { variable in variable.value.map { (variable.name, $0) } }
        let item = ItemJob(
            name: job.metadata.name, namespace: job.metadata.namespace, uid: job.metadata.uid,
            environment: Dictionary(variables, uniquingKeysWith: { $1 }))
        let found = (item, handlers.find(container?.image ?? ""))
        known = found
        return found
    }

    /// The Job is not for this program: its first item says so.
    private func refuse(_ chunk: Chunk) -> ChunkOutcome {
        let name = chunk.job.spec.template.spec.containers.first?.image ?? ""
        var outcome = ChunkOutcome()
        outcome.ran = 1
        outcome.fail(chunk.items?.lowerBound ?? -1, exitCode: 128, "no handler \"\(name)\" in this program, which has \(handlers.names)")
        return outcome
    }

    /// The hot loop: per item one call and one look at a flag.
    private static func run(_ chunk: Chunk, _ job: ItemJob, _ handler: Handler) async -> ChunkOutcome {
        var outcome = ChunkOutcome()
        let first = chunk.items?.lowerBound ?? 0, last = chunk.items?.upperBound ?? 0
        var index = first, payloads = PackedReader(chunk.payloads)
        while index <= last, chunk.begins(index - first) {
            do {
                let result = try await handler(Item(index: index, payload: payloads.next() ?? [], job: job))
                if let result, !outcome.keep(index, result.utf8) { outcome.fail(index, ChunkOutcome.tooLong(result.utf8.count)) }
            } catch {
                if chunk.isCancelled { break }
                outcome.fail(chunk.items == nil ? -1 : index, error)
            }
            index += 1
            if !outcome.failures.isEmpty && outcome.stops(chunk.job) || outcome.isHeavy { break }
        }
        outcome.ran = index - first
        return outcome
    }
}

extension ChunkOutcome {
    fileprivate mutating func fail(_ index: Int, _ error: any Error) {
        if let error = error as? ItemError { fail(index, exitCode: min(max(error.exitCode, 1), 255), error.message) } else { fail(index, "\(error)") }
    }
}
