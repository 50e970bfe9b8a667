import BatchAPI
import Broker
import Drover
import RedisBroker
import Worker

/// Feeds a Job with the items of a file, as they come, and takes what they come to: `run -f FILE --items FILE [--results FILE]`.
struct ItemExchange: Sendable {
    private let items: ItemReader
    private let results: Results

    enum Results: Sendable {
        /// They are taken all the same: those that nobody takes hold the Job up in the end.
        case nowhere
        case stdout
        case file(ResultFile)
    }

    init(items: String, nulSeparated: Bool, results: String?) throws(ItemError) {
        self.items = try ItemReader(path: items, nulSeparated: nulSeparated)
        switch results {
        case nil: self.results = .nowhere
        case "-"?: self.results = .stdout
        case let path?: self.results = .file(try ResultFile(path: path))
        }
    }

    /// Runs until the Job has ended and its results are taken, or this is cancelled.
    func run(_ job: Job, _ broker: RedisBroker, _ output: StandardOutput?, lost: @escaping @Sendable (String) async -> Void) async {
        let thread = SlotThread()
        let feeding = Task(executorPreference: thread) {
            do { try await feed(job, broker) } catch { if let why = Self.reason(error) { await lost(why) } }
        }
        do { try await collect(job, broker, output) } catch { if let why = Self.reason(error) { await lost(why) } }
        // It may stand in a read that nobody answers.
        feeding.cancel()
        thread.close()
    }

    /// nil: it is over, and that is told otherwise.
    private static func reason(_ error: any Error) -> String? {
        if let error = error as? DroverError { return [.conflict, .unusable].contains(error.code) ? error.message : nil }
        return (error as? ItemError)?.description
    }

    private func feed(_ job: Job, _ broker: RedisBroker) async throws {
        let client = DroverClient(broker: broker), metadata = job.metadata
        var pusher = try await client.job(named: metadata.name, namespace: metadata.namespace).pusher(), items = items
        while let some = try items.next(), !Task.isCancelled {
            for item in some { try await pusher.push(item) }
            try await pusher.flush()
        }
        if !Task.isCancelled { try await pusher.close() }
    }

    private static let pause = Duration.milliseconds(20)

    private func collect(_ job: Job, _ broker: RedisBroker, _ output: StandardOutput?) async throws {
        var next = 0
        while !Task.isCancelled {
            let stored = try await broker.job(namespace: job.metadata.namespace, name: job.metadata.name)
            let page = try await broker.results(job: job.metadata.uid, from: next)
            next = page.first + page.batches.count
            try await write(page, output)
            guard page.batches.isEmpty else { continue }
            if stored?.status.isFinished ?? true { return }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func write(_ page: ResultPage, _ output: StandardOutput?) async throws(ItemError) {
        if case .nowhere = results { return }
        let lines = page.batches.flatMap { PackedResults.read($0) }.flatMap { PackedResults.line(index: $0.index, bytes: $0.bytes) }
        switch results {
        case .file(let file): try file.write(lines)
        case .stdout: await output?.write(lines)
        case .nowhere: break
        }
    }
}
