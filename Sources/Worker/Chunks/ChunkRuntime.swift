import BatchAPI
import Broker

/// Runs the chunks of one slot, one after the other.
package protocol ChunkRuntime {
    /// Runs items from the chunk's first on, one after the other, until none is left or the chunk is over. When this returns nothing of it
    /// runs any more.
    mutating func run(_ chunk: Chunk) async -> ChunkOutcome
    /// There is no work now, perhaps soon.
    func rest()
    /// The slot is about to run something else, or nothing more: nothing may be left of what ran before.
    mutating func leave() async
}

extension ChunkRuntime {
    package func rest() {}
    package mutating func leave() async {}
}

/// What has become of a chunk.
package struct ChunkOutcome: Sendable {
    /// How many items, from the first, were run; the others start again elsewhere.
    package var ran = 0
    /// Those of them that failed, ascending.
    package private(set) var failures: [(index: Int, failure: ItemFailure)] = []
    package private(set) var results = PackedResults()
    /// The last lines of what the items were run by, where some have failed with it.
    package var tail = ""

    package init() {}

    /// A chunk with more failures is given back: what is wrong with so many is wrong with the rest.
    package static let mostFailures = 100
    private static let longestMessage = 1024

    /// Notes that an item failed.
    /// - Parameter message: cut at 1,024 bytes.
    package mutating func fail(_ index: Int, exitCode: Int = 1, _ message: String) {
        let text = message.utf8.count <= Self.longestMessage ? message : String(decoding: message.utf8.prefix(Self.longestMessage), as: UTF8.self)
        failures.append((index, ItemFailure(exitCode: exitCode, message: text)))
    }

    /// Keeps what an item has come to.
    /// - Returns: false if it is too long.
    package mutating func keep(_ index: Int, _ result: some Collection<UInt8>) -> Bool {
        guard result.count <= PackedResults.longestResult else { return false }
        results.append(index, result)
        return true
    }

    /// Whether there are as many results as one report should carry.
    package var isHeavy: Bool { results.bytes.count >= PackedResults.mostBytes }

    /// Why a result that is too long fails its item.
    package static func tooLong(_ size: Int) -> String {
        "the result has \(size) bytes, more than \(PackedResults.longestResult): keep it elsewhere and return where"
    }

    /// Whether a failure holds up the items after it, as the Job waits for its verdict (R33), or there are too many of them.
    package func stops(_ job: Job) -> Bool { Self.stops(job, failures: failures.count) }

    static func stops(_ job: Job, failures: Int) -> Bool {
        failures > 0 && (job.spec.backoffLimitPerIndex == nil || failures >= mostFailures)
    }

    /// The report of it.
    /// - Parameters:
    ///   - took: from the first item's start to the last one's end.
    func report(_ request: ClaimRequest, _ grant: Grant, took: Duration) -> Report {
        var report = Report(request, job: grant.job, token: grant.token, result: .succeeded)
        (report.reason, report.exitCode) = (failures.isEmpty ? "Completed" : "Error", failures.isEmpty ? 0 : 1)
        (report.exceptions, report.details) = (failures.map(\.index), failures.map(\.failure))
        (report.ran, report.tail, report.results) = (ran, tail, results)
        report.pace = pace(took)
        return report
    }

    /// What an observer is told of the items that failed: as if each had had an attempt of its own, whose token is not known here.
    func endings(_ grant: Grant, at time: Int64) -> [(Grant, Ending)] {
        failures.map { index, failure in
            let item = Grant(
                job: grant.job, token: Ending.noToken, items: index < 0 ? nil : index...index, pod: "", podUID: "", revision: grant.revision, failures: 0)
            return (item, Ending(.failed, exitCode: failure.exitCode, reason: "ItemFailed", message: failure.message, at: time))
        }
    }

    /// How long a lease should be worked on.
    private static let leaseTime = 100

    private func pace(_ took: Duration) -> Int? { ran == 0 ? nil : max(1, ran * Self.leaseTime / Int(max(1, took.wholeMilliseconds))) }
}

extension NodeRuntime {
    package func chunks(_ slot: Int, of node: NodeContext) -> (any ChunkRuntime)? { nil }
}
