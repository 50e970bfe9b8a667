import BatchAPI
import Broker
import Worker

/// What a process of a benchmark is to be. It travels in its environment, as the URL may hold a password.
struct BenchPart: Sendable, Equatable {
    enum Kind: String, Sendable {
        /// Decides what becomes of Jobs.
        case coordinator
        /// Runs handlers.
        case handlers
        /// Runs pods and streams.
        case pods
    }

    /// After which the program is such a process.
    static let argument = "__bench"
    static let variable = "DROVER_BENCH_PART"

    var kind: Kind
    /// The Redis' URL.
    var redis: String
    /// Marks all that belongs to the benchmark.
    var mark: String
    var name: String
    var slots = 1
    var batch: Int?
    var lease: Duration
    /// Whether the store may forget its last seconds, see `WorkerOptions.settling`.
    var settles = false
    var sleep: Duration = .zero
    var cpuTime: Duration = .zero
    /// Where it keeps its data.
    var folder = ""

    /// The label and the taint of nodes that run a benchmark's pods.
    static let label = "drover.dev/bench"

    var text: String {
        let value: Value = [
            "kind": .string(kind.rawValue), "redis": .string(redis), "mark": .string(mark), "name": .string(name), "slots": .int(Int64(slots)),
            "batch": batch.map { .int(Int64($0)) } ?? .null, "lease": .int(lease.wholeMilliseconds), "settles": .bool(settles),
            "sleep": .int(sleep.nanoseconds), "cpuTime": .int(cpuTime.nanoseconds), "folder": .string(folder),
        ]
        return value.encoded()
    }
}

extension BenchPart {
    init?(text: String) {
        guard let value = try? Value.parse(json: Array(text.utf8)), let kind = value["kind"]?.string.flatMap({ Kind(rawValue: $0) }),
            let redis = value["redis"]?.string, let mark = value["mark"]?.string, let name = value["name"]?.string
        else { return nil }
        self.init(kind: kind, redis: redis, mark: mark, name: name, lease: .milliseconds(value["lease"]?.int ?? 3000))
        (slots, batch, settles) = (value["slots"]?.int ?? 1, value["batch"]?.int, value["settles"]?.bool ?? false)
        (sleep, cpuTime) = (.nanoseconds(value["sleep"]?.int ?? 0), .nanoseconds(value["cpuTime"]?.int ?? 0))
        folder = value["folder"]?.string ?? ""
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
