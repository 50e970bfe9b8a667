import BatchAPI
import Broker
import Worker

/// The items that are left to run, by the Job's index.
struct ItemSource: Sendable {
    private let table: ItemTable?
    private let command: [[UInt8]]
    private let placeholders: Placeholders?
    /// The item of each index, where some are skipped.
    private let remaining: [UInt32]?
    /// How many are to be run.
    let count: Int

    init(table: ItemTable?, skipping done: ItemSet, command: [[UInt8]]) {
        (self.table, self.command) = (table, command)
        placeholders = table.map { Placeholders(command: command, source: $0.name) }
        let all = table?.count ?? 1
        remaining = done.count == 0 ? nil : (0..<all).filter { !done.contains($0) }.map { UInt32($0) }
        count = remaining?.count ?? all
    }

    /// The item's number from 0.
    func item(at index: Int) -> Int { remaining.map { Int($0[index]) } ?? index }

    /// The command for an item.
    func arguments(_ item: Int) throws(ItemError) -> [[UInt8]] { try read(item).arguments }

    /// The command for an item, and the item; nil if there are none.
    func read(_ item: Int) throws(ItemError) -> (arguments: [[UInt8]], bytes: [UInt8]?) {
        guard let table, let placeholders else { return (command, nil) }
        let bytes = try table.item(item)
        return (try placeholders.arguments(for: bytes, at: item), bytes)
    }

    /// The item as it was read, only its beginning if it is too long to be run; nil if there are no items or it can't be read.
    func bytes(_ item: Int) -> [UInt8]? { table.flatMap { (try? $0.item(item)) ?? $0.beginning(item) } }
}

/// Plans `run -- COMMAND`: the caller's environment and folder, no shell.
struct ItemPlanner: AttemptPlanner {
    let source: ItemSource
    let environment: [String: String]
    let folder: String

    func plan(job: Job, grant: Grant) throws(PodRefusal) -> AttemptPlan {
        let item = source.item(at: grant.items?.lowerBound ?? 0)
        do {
            let (arguments, bytes) = try source.read(item)
            return AttemptPlan(
                arguments: arguments, environment: bytes.map { environment(of: item, $0) } ?? environment, workingDirectory: folder, grace: .seconds(5))
        } catch {
            throw PodRefusal("StartError", error.description)
        }
    }

    /// The caller's, and the item where it fits.
    private func environment(of item: Int, _ bytes: [UInt8]) -> [String: String] {
        var environment = environment
        environment["JOB_COMPLETION_INDEX"] = "\(item)"
        let fits = bytes.count < argumentLimit - 16 && !bytes.contains(0)
        environment["DROVER_ITEM"] = fits ? String(validating: bytes, as: UTF8.self) : nil
        return environment
    }
}
