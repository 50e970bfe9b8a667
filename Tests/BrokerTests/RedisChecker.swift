import Broker
import Redis
import RedisBroker
import Testing

/// Checks I1 and I2 on what the keys of a Job hold, by its own reading of them.
struct RedisChecker {
    let connection: RedisConnection

    private func list(_ command: RedisCommand) async throws -> [String] {
        try await connection.call(command).expectArray().map { $0.string ?? "" }
    }

    /// Every item that may still run has its slab, and no others are there but the last.
    private func checkItems(_ J: String, _ field: (String) -> Int, over: Set<Int>) async throws {
        let slabs = try await list(RedisCommand("HKEYS", J + "items")).compactMap { Int($0) }, size = max(1, field("slab"))
        let needed = Set((0..<field("completions")).filter { !over.contains($0) }.map { $0 / size })
        let last = (field("completions") - 1) / size
        #expect(needed.isSubset(of: slabs) && Set(slabs).subtracting(needed).isSubset(of: [last]), "slabs \(slabs), needed \(needed)")
        var bytes = 0
        for slab in slabs { bytes += try await connection.call(RedisCommand("HSTRLEN", J + "items", slab)).int ?? 0 }
        #expect(bytes == field("bytes"))
    }

    func check(_ uid: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let J = "drover:{\(uid)}:"
        let reply = try await connection.call(RedisCommand("FCALL", "drover1_state", 0, uid))
        guard let elements = reply.array else { return }
        var fields: [String: Int] = [:]
        for at in stride(from: 11, to: 11 + 2 * elements[10].int!, by: 2) { fields[elements[at].string!] = elements[at + 1].int! }
        func field(_ name: String) -> Int { fields[name] ?? -99 }
        if field("deleted") == 1 { return }
        var places: [Int: [String]] = [:]
        func stands(_ range: ClosedRange<Int>, _ place: String) { for index in range { places[index, default: []].append(place) } }
        for name in ["done", "bad"] {
            for (at, byte) in (try await connection.call(RedisCommand("GET", J + name)).bytes ?? []).enumerated() where byte != 0 {
                for bit in 0..<8 where byte & (0x80 >> bit) != 0 { stands(at * 8 + bit...at * 8 + bit, name) }
            }
        }
        let ready = try await list(RedisCommand("ZRANGE", J + "ready", 0, -1)).map { $0.split(separator: "-").compactMap { Int($0) } }
        for range in ready { stands(range[0]...range[1], "ready") }
        let waiting = try await list(RedisCommand("ZRANGE", J + "waiting", 0, -1))
        for index in waiting { stands(Int(index)!...Int(index)!, "waiting") }
        let leases = try await list(RedisCommand("HGETALL", J + "leases"))
        var (live, ending) = (0, 0)
        for at in stride(from: 0, to: leases.count, by: 2) {
            let parts = leases[at + 1].split(separator: "|", omittingEmptySubsequences: false)
            if parts[5] == "L", Int(leases[at])! > field("cut") { live += 1 } else if parts[5] != "Z" { ending += 1 }
            if parts[5] != "D", parts[5] != "Z", let first = Int(parts[3]), first >= 0 { stands(first...Int(parts[4])!, "leased") }
        }
        let held = try await list(RedisCommand("ZRANGE", J + "held", 0, -1))
        for token in held {
            let index = try await connection.call(RedisCommand("HGET", J + "pod:" + token, "index")).int ?? -1
            if index >= 0 { stands(index...index, "held") }
        }
        func expect(_ holds: Bool, _ what: String) { #expect(holds, "\(what): \(fields) \(places)", sourceLocation: sourceLocation) }
        if field("completions") >= 0 {
            for index in 0..<field("cursor") { expect(places[index, default: []].count == 1, "I1, index \(index) stands in one place") }
            expect(places.keys.allSatisfy { $0 < field("cursor") }, "I1, beyond the cursor all is fresh")
            expect(places.values.count { $0 == ["done"] } == field("done"), "done count")
        }
        if field("items") > 0, field("ended") == 0 { try await checkItems(J, field, over: Set(places.filter { $0.value == ["done"] || $0.value == ["bad"] }.keys)) }
        expect(field("badIndexes") == places.values.count { $0 == ["bad"] }, "failed count")
        expect(field("ranges") == ready.count && field("waits") == waiting.count, "counts of ready and waiting")
        let places2 = try await list(RedisCommand("ZRANGE", J + "places", 0, -1))
        expect(Set(places2) == Set(waiting), "places and waiting")
        expect(field("active") == live && field("terminating") == ending && field("undecided") == held.count, "counts of attempts")
    }
}
