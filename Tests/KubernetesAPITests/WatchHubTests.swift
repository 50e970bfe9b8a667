import BatchAPI
import Broker
import Logging
import Synchronization
import Testing

@testable import KubernetesAPI

/// What watches are told when objects change faster than the log of changes is read.
@Suite struct WatchHubTests {
    /// A log that is filled by hand; each object is found as its last change has left it.
    private final class FilledLog: ChangeLog {
        private let changes = Mutex<[Change]>([])
        private static let first: Int64 = 10

        /// One change for each letter; a capital is a deletion.
        func add(_ letters: String) {
            changes.withLock { changes in
                for letter in letters {
                    let name = letter.lowercased(), version = Self.first + Int64(changes.count) + 1
                    let operation: Change.Operation = letter.isUppercase ? .deleted : changes.contains { $0.name == name } ? .modified : .added
                    changes.append(Change(version: version, resource: "things", operation: operation, namespace: "n", name: name, uid: "u"))
                }
            }
        }

        func thing(_ name: String) -> Value? {
            let last = changes.withLock { $0.last { $0.name == name } }
            return last.flatMap { $0.operation == .deleted ? nil : $0 }.map {
                ["metadata": ["namespace": "n", "name": .string(name), "uid": "u", "resourceVersion": .string(String($0.version))]]
            }
        }

        func changes(after version: Int64, limit: Int) async throws(BrokerError) -> ChangePage {
            changes.withLock { all in
                let newest = all.last?.version ?? Self.first
                return ChangePage(changes: Array(all.filter { $0.version > version }.prefix(limit)), newest: newest, isWhole: version >= Self.first || version == 0)
            }
        }

        func waitForChanges(after version: Int64, timeout: Duration) async throws(BrokerError) {
            while changes.withLock({ ($0.last?.version ?? 0) <= version }) {
                do { try await Task.sleep(for: .milliseconds(1)) } catch { throw BrokerError(.cancelled, "the test is over") }
            }
        }
    }

    /// The names and versions of a watch up to a version.
    private func events(_ watch: WatchHub.Subscription, until last: Int64) async -> [String] {
        var seen: [String] = []
        for await event in watch.events {
            #expect(event.object.watchVersion == event.version)
            seen.append("\(event.kind.rawValue) \(event.object.objectName) \(event.version)")
            if event.version == last { break }
        }
        return seen
    }

    private func hub(_ log: FilledLog) -> WatchHub {
        let source = WatchSource(list: { (["a", "b"].compactMap(log.thing), 10) }, one: { _, name in log.thing(name) })
        return WatchHub(log: log, sources: ["things": source], logger: Logger(label: "test"))
    }

    @Test func versionsAscendAndTheLastStateOfEachComes() async throws {
        let log = FilledLog()
        let hub = hub(log)
        let watch = try await hub.watch("things", after: nil)
        // While 11 is followed, a is found as 14 has made it; a client that has seen it so, and begins again there, must not miss b.
        log.add("abaaba")
        let seen = await events(watch, until: 16)
        #expect(seen == ["ADDED a 11", "ADDED b 12", "MODIFIED b 15", "MODIFIED a 16"], "\(seen)")
        log.add("ab")
        #expect(await events(watch, until: 18) == ["MODIFIED a 17", "MODIFIED b 18"])
        let again = try await hub.watch("things", after: 12)
        #expect(again.first.map(\.version) == [17, 18])
        await hub.stop()
    }

    /// A server that has just started can't show what was deleted before; it must not keep silent about it either.
    @Test func aDeletionThatNobodyHereHasSeenIsNotPassedOver() async throws {
        let log = FilledLog()
        log.add("abA")
        let hub = hub(log)
        await #expect(throws: APIStatus.self) { try await hub.watch("things", after: 12) }
        let watch = try await hub.watch("things", after: 13)
        log.add("B")
        #expect(await events(watch, until: 14) == ["DELETED b 14"])
        #expect(try await hub.watch("things", after: 13).first.map(\.kind) == [.deleted])
        #expect(try await hub.watch("things", after: 10).first.isEmpty == true)
        await hub.stop()
    }
}
