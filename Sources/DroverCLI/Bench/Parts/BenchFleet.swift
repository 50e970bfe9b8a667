import Broker
import Drover
import Worker

/// The worker processes of a point.
struct BenchFleet {
    /// What two points must have alike to share them.
    struct Kind: Hashable {
        var isHandler: Bool
        var workers: Int
        var slots: Int
        var batch: Int?

        init(_ point: BenchPoint) {
            (isHandler, workers, slots, batch) = (point.workload.isHandler, point.workers, point.slots, point.batch)
        }
    }

    let kind: Kind
    private(set) var workers: [BenchChild] = []
    private let system: BenchSystem
    private var started = 0

    private static let patience = Duration.seconds(60)

    /// Starts them and waits until all are registered.
    static func start(_ kind: Kind, _ system: BenchSystem) async throws -> BenchFleet {
        var fleet = BenchFleet(kind: kind, system: system)
        do {
            for _ in 0..<kind.workers { try fleet.add() }
            try await fleet.arrive()
        } catch {
            await fleet.end()
            throw error
        }
        return fleet
    }

    private init(kind: Kind, system: BenchSystem) { (self.kind, self.system) = (kind, system) }

    /// One more worker.
    mutating func add() throws {
        let number = system.nextNumber()
        var part = BenchPart(
            kind: kind.isHandler ? .handlers : .pods, redis: system.url, mark: system.mark, name: "\(system.mark)-\(number)", lease: system.settings.lease)
        (part.slots, part.batch, part.settles) = (kind.slots, kind.batch, system.redis == nil)
        (part.sleep, part.cpuTime, part.folder) = (system.settings.sleep, system.settings.cpuTime, "\(system.folder)/worker-\(number)")
        workers.append(try BenchChild(part, system.host.reaper))
    }

    /// Kills the oldest worker.
    /// - Returns: its node's name.
    mutating func killOne() async -> String {
        let victim = workers.removeFirst()
        await victim.kill()
        return victim.part.name
    }

    private func arrive() async throws {
        let end = ContinuousClock.now + Self.patience, names = Set(workers.map(\.part.name))
        while true {
            let known = Set(try await system.broker.nodes().map(\.name))
            if names.isSubset(of: known) { return }
            try check()
            if ContinuousClock.now > end { throw BenchError("the workers did not register within \(Self.patience)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// - Throws: if one has ended that was not to end.
    func check() throws {
        if let gone = workers.first(where: { $0.process.status != nil }) { throw BenchError("the worker \(gone.part.name) has ended by itself") }
    }

    /// What all have used so far.
    var usage: ProcessUsage { workers.reduce(ProcessUsage()) { $0 + ($1.usage() ?? ProcessUsage()) } }

    func end() async {
        for worker in workers { worker.dismiss() }
        for worker in workers { await worker.end() }
    }
}

/// Why a benchmark can't go on.
struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
