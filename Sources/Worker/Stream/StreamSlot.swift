import BatchAPI
import Broker
import CLinux
import Glibc

/// The chunks of one slot, fed to a process of the container's command that lives as long as the slot runs items of that Job.
struct StreamSlot: ChunkRuntime {
    private let node: NodeContext
    private let slot: Int
    private let starter: StreamStarter
    private let runtime: ProcessRuntime
    private var current: (job: String, process: StreamProcess, run: StreamStarter.Run)?
    private var starts = 0

    /// A process without items for so long is ended.
    private static let idle = Duration.seconds(10)
    /// What a process gets to end by itself once its input is closed.
    private static let grace = Duration.seconds(2)

    init(node: NodeContext, runtime: ProcessRuntime, slot: Int) {
        (self.node, self.runtime, self.slot) = (node, runtime, slot)
        starter = StreamStarter(node: node, runtime: runtime, slot: slot)
    }

    mutating func run(_ chunk: Chunk) async -> ChunkOutcome {
        var pump = StreamPump(chunk), tail = ""
        while !pump.isFinished, !chunk.isOver || pump.done == 0, !chunk.isCancelled {
            let process: StreamProcess
            do { process = try await ready(chunk.job) } catch {
                pump.failOldest(exitCode: 128, error.message)
                break
            }
            chunk.onCancel { process.pod.kill() }
            let (end, after) = await pumped(pump, process)
            pump = after
            if end == .answered { break }
            guard let status = await finish(grace: .zero), !chunk.isCancelled else { break }
            tail = String(decoding: LogReader.tail(path: process.log.path), as: UTF8.self)
            if case .garbled(let why) = end { pump.failOldest(exitCode: 1, why) } else {
                pump.failOldest(exitCode: max(1, Int(status.exitCode)), "the process ended with \(status.words) while it was on this item")
            }
        }
        current?.process.rest()
        return ChunkOutcome(pump, tail: tail)
    }

    private func pumped(_ pump: StreamPump, _ process: StreamProcess) async -> (StreamPump.End, StreamPump) {
        await Task(executorPreference: runtime.streamThread(slot)) {
            var pump = pump
            let end = pump.run(process)
            return (end, pump)
        }.value
    }

    private mutating func ready(_ job: Job) async throws(PodRefusal) -> StreamProcess {
        if let current, current.job == job.metadata.uid, current.process.take() { return current.process }
        await finish(grace: Self.grace)
        starts += 1
        let (process, run) = try await starter.start(job, number: starts)
        current = (job.metadata.uid, process, run)
        return process
    }

    func rest() {
        guard let process = current?.process else { return }
        node.time.spawn { [time = node.time] in
            try? await time.sleep(for: Self.idle)
            guard process.closeIfIdle() else { return }
            process.closeInput()
            _ = await Termination.end(process.pod, grace: Self.grace)
        }
    }

    mutating func leave() async { await finish(grace: Self.grace) }

    /// Ends the process.
    /// - Returns: how it ended; nil if the guardian ended it, or there was none.
    @discardableResult
    private mutating func finish(grace: Duration) async -> ExitStatus? {
        guard let (_, process, run) = current else { return nil }
        current = nil
        process.closeInput()
        // It ends by itself, or has already.
        _ = await node.time.poll(timeout: max(grace, .milliseconds(100))) { process.pod.main.status != nil }
        let end = await Termination.end(process.pod, grace: grace)
        return starter.clear(run, end.status) ? nil : end.status
    }
}

extension ExitStatus {
    fileprivate var words: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let number): "signal \(number)"
        }
    }
}

extension ChunkOutcome {
    fileprivate init(_ pump: StreamPump, tail: String) {
        self.init()
        (ran, self.tail) = (pump.done, tail)
        for case let outcome? in pump.outcomes.prefix(pump.done) {
            if let error = outcome.error { fail(outcome.index, exitCode: outcome.exitCode, error) }
            if outcome.error == nil, let result = outcome.result { _ = keep(outcome.index, result.utf8) }
        }
    }
}
