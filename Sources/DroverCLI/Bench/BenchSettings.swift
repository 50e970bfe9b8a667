/// What holds for all points of a sweep.
struct BenchSettings: Sendable {
    var rounds = 5
    /// nil: as the workload has it.
    var items: Int?
    /// A round that takes longer is cut.
    var duration: Duration?
    var sleep = Duration.milliseconds(10)
    /// Of `cpu`: how long each item keeps a core busy.
    var cpuTime = Duration.milliseconds(1)
    /// Run by `sh -c`.
    var streamCommand: String
    /// In each round of a no-op point; 0: none.
    var latencySamples = 500
    /// Whether each point is run once more, with a worker killed in the middle.
    var kills = false
    var lease = Duration.seconds(3)
    /// A Redis' URL; nil: one of its own.
    var redis: String?
    /// nil: nothing is kept on disk.
    var sync: RedisConfiguration.Sync?
    var cores = 1

    /// A round that is not told how long it may take.
    private static let longest = Duration.seconds(120)
    var limit: Duration { duration ?? Self.longest }

    /// What a round of a point takes at least, so that it tells something.
    private static let span = 5.0
    /// Payloads are pushed before anything runs as long as they fit into what may wait of a Job (256 MiB).
    private static let mostWaiting = 192 << 20
    static let mostItems = Int(Int32.max)

    /// More items than that, with their overhead, could not all wait.
    private func most(of point: BenchPoint) -> Int { point.payload == 0 ? Self.mostItems : Self.mostWaiting / (point.payload + 24) }

    /// How many items a round has.
    func items(of point: BenchPoint) -> Int {
        if let items { return items }
        if duration != nil, point.payload == 0 { return Self.mostItems }
        let count: Double =
            switch point.workload {
            case .nothing: point.payload == 0 ? 10e6 : 1e6
            case .sleep: Self.span * Double(point.lanes) / max(0.0001, sleep / .seconds(1))
            case .cpu: Self.span * Double(min(point.lanes, cores)) / max(0.0001, cpuTime / .seconds(1))
            case .process: 2000
            case .stream: 300_000
            }
        return max(1, min(Int(count), most(of: point)))
    }

    /// How many items a round has in which a worker is killed: it must not be over before.
    /// - Parameter rate: items per second as measured.
    func itemsToKill(in point: BenchPoint, rate: Double) -> Int {
        let enough = min(Int(rate * Self.killSpan), most(of: point))
        return duration != nil && items == nil ? enough : max(items(of: point), enough)
    }

    private static let killSpan = 3.0

    /// Whether all items are pushed before the first one runs.
    func holdsBack(_ point: BenchPoint, items: Int) -> Bool { point.payload > 0 && items <= most(of: point) }
}
