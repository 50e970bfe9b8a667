import BatchAPI
import Broker
import Redis
import RedisBroker
import Support
import Testing

/// What only Redis has: keys, memory, versions.
@Suite struct RedisOnlyTests {
    private func withRedis(_ settings: [String] = [], _ body: (Stage, RedisConnection) async throws -> Void) async throws {
        let server = RedisServer(settings: settings)
        let broker = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        do { try await body(try await Stage(broker), broker.connection) } catch {
            await broker.close()
            throw error
        }
        await broker.close()
    }

    private func keys(_ connection: RedisConnection, _ pattern: String) async throws -> [String] {
        var (cursor, found): (String, [String]) = ("0", [])
        repeat {
            let reply = try await connection.call(RedisCommand("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)).expectArray()
            cursor = reply[0].string ?? "0"
            found += (reply[1].array ?? []).compactMap(\.string)
        } while cursor != "0"
        return found
    }

    @Test func anItemTakesItsPayloadAndTwentyBytes() async throws {
        try await withRedis { stage, connection in
            var job = Stage.job("u", completions: 0, perIndex: 1, runtime: .handler)
            job.metadata.annotations[Job.itemsAnnotation] = "true"
            _ = try await stage.broker.create(job, settings: LedgerSettings())
            func memory() async throws -> Int {
                let text = try await connection.call(RedisCommand("INFO", "memory")).string ?? ""
                return text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory:") }.flatMap { Int($0.dropFirst(12)) } ?? 0
            }
            let before = try await memory()
            for first in stride(from: 0, to: 100_000, by: 2000) {
                var items = PackedItems()
                for at in 0..<2000 { items.append([UInt8](repeating: UInt8(at % 251), count: 64)) }
                #expect(try await stage.broker.push(ItemPush(job: "u", first: first, items: items, slab: items.fittingSlab)).result == .taken)
            }
            let each = Double(try await memory() - before) / 100_000
            print("memory of a waiting item of 64 bytes: \(each)")
            #expect(each <= 84)
        }
    }

    @Test func leavesNoKeyOfADeletedJob() async throws {
        try await withRedis { stage, connection in
            try await stage.job(completions: 700, permits: 700, perIndex: 1)
            for slot in 0..<650 {
                let grant = try #require(try await stage.claim(slot))
                if slot % 3 > 0 { try await stage.end(grant, slot % 3 == 1 ? .succeeded : .failed, slot: slot) }
            }
            try await stage.judge(.retry, permits: 700, notBefore: try await stage.state().now.adding(milliseconds: 3_600_000))
            #expect(try await keys(connection, "*{u}*").count > 600)
            try await stage.broker.delete(uid: "u")
            _ = try await stage.sweep()
            try await stage.broker.deregister(name: "n", instance: "n1", lost: true)
            _ = try await stage.sweep()
            #expect(try await keys(connection, "*{u}*") == [])
            for key in ["jobs", "pods", "due", "runnable", "deleted", "ended:S", "ended:F", "nodes"] {
                #expect(try await connection.call(RedisCommand("EXISTS", "drover:{drover}:" + key)).int == 0, "\(key)")
            }
        }
    }

    @Test func takesReportsButGrantsNothingWhenMemoryIsOut() async throws {
        try await withRedis { stage, connection in
            try await stage.job(permits: 3)
            let grants = [try #require(try await stage.claim(0)), try #require(try await stage.claim(1)), try #require(try await stage.claim(2))]
            _ = try await connection.call(RedisCommand("CONFIG", "SET", "maxmemory", 1))
            let broker = stage.broker
            let waiting = stage.request(5)
            #expect(await failure { () async throws(BrokerError) in try await broker.claim(waiting) } == .busy)
            #expect(try await broker.progress(Progress(job: "u", token: grants[2].token, instance: "n1", startedAgo: 0)))
            let report = stage.report(grants[0], .succeeded)
            #expect(try await broker.report(report, claiming: true) == ReportReply(accepted: true, next: .nothing(next: nil)))
            #expect(try await stage.end(grants[1], .failed, slot: 1))
            _ = try await broker.renew(Heartbeat(node: "n", instance: "n1", held: [HeldLease(slot: 2, grants[2])]))
            #expect(try await stage.state().succeeded == 1)
            let job = Stage.job("v")
            #expect(await failure { () async throws(BrokerError) in try await broker.create(job, settings: LedgerSettings()) } == .busy)
            try await stage.judge(.retry)
            _ = try await connection.call(RedisCommand("CONFIG", "SET", "maxmemory", 0))
            #expect(try await stage.claim(5)?.items == 1...1)
        }
    }

    @Test func refusesAStoreOfAnotherLayout() async throws {
        let server = RedisServer()
        let first = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        _ = try await first.nodes()
        _ = try await first.connection.call(RedisCommand("SET", "drover:{drover}:schema", "7 9"))
        let second = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        #expect(await failure { () async throws(BrokerError) in try await second.nodes() } == .unusable)
        await first.close()
        await second.close()
    }

    @Test func refusesAnEvictingServer() async throws {
        let server = RedisServer(settings: ["--maxmemory-policy", "allkeys-lru"])
        let broker = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        #expect(await failure { () async throws(BrokerError) in try await broker.nodes() } == .unusable)
        await broker.close()
    }

    @Test func replacesTheCodeOfAnotherBuild() async throws {
        let server = RedisServer()
        let connection = RedisConnection(address: server.address, logger: .quiet)
        _ = try await connection.call(
            RedisCommand("FUNCTION", "LOAD", "#!lua name=drover1\nredis.register_function('drover1_checksum', function() return 'old' end)"))
        await connection.close()
        let broker = RedisBroker(address: server.address, name: "tests", logger: .quiet)
        #expect(try await broker.nodes().isEmpty)
        await broker.close()
    }

    @Test(.timeLimit(.minutes(2))) func keepsABoundedNumberOfFinishedPods() async throws {
        try await withRedis { stage, connection in
            try await stage.job("a", completions: 13_000, permits: 1, perIndex: 1)
            var grant = try #require(try await stage.claim(0))
            try await stage.end(grant, .failed)
            try await stage.judge(.failIndex, uid: "a")
            grant = try #require(try await stage.claim(0))
            for _ in 0..<12_700 {
                grant = try #require(try await stage.broker.report(stage.report(grant, .succeeded), claiming: true).next?.grant)
            }
            let pods = try await stage.broker.pods(uid: "a")
            #expect((12_490...12_500).contains(pods.count { !$0.isLive }))
            #expect(pods[0].phase == "Failed" && pods[0].index == 0, "the succeeded go first")
            #expect(try await connection.call(RedisCommand("ZCARD", "drover:{drover}:pods")).int == pods.count)
            #expect(try await stage.state("a").succeeded == 12_700)
        }
    }

    @Test func boundsTheLogByAge() async throws {
        try await withRedis { stage, connection in
            for number in 0..<600 { try await stage.job("j\(number)", permits: nil) }
            let length = try await connection.call(RedisCommand("XLEN", "drover:{drover}:log")).int ?? 0
            #expect(length >= 600)
            // As if all in it had been written long ago.
            let ages = try await connection.call(RedisCommand("LRANGE", "drover:{drover}:ages", 0, -1)).expectArray().compactMap(\.string)
            _ = try await connection.call(RedisCommand("DEL", "drover:{drover}:ages"))
            for age in ages {
                let version = age.split(separator: "|")[1]
                _ = try await connection.call(RedisCommand("RPUSH", "drover:{drover}:ages", "1000|\(version)"))
            }
            for _ in 0..<3 { _ = try await stage.broker.elect(Candidate(instance: "leader", address: "here")) }
            #expect(try await connection.call(RedisCommand("XLEN", "drover:{drover}:log")).int! < length)
        }
    }
}
