import BatchAPI
import Foundation
import Testing

/// `drover bench`: every workload ends with exact counts, and leaves nothing behind.
@Suite(.serialized) struct BenchTests {
    private func bench(_ arguments: [String]) async throws -> (Drover.Result, [Value]) {
        let result = try await Drover.run(["bench", "--json", "--progress", "none"] + arguments, limit: 300)
        let lines = result.lines.compactMap { try? Value.parse(json: Array($0.utf8)) }
        return (result, lines)
    }

    private func median(_ point: Value, _ name: String) -> Double? {
        switch point[name]?["median"] {
        case .double(let number): number
        case .int(let number): Double(number)
        default: nil
        }
    }

    @Test func handlersAreCounted() async throws {
        let (result, lines) = try await bench(["--items", "20k", "--rounds", "2", "--payload", "0,64", "--latency-samples", "20", "--aof", "everysec"])
        #expect(result.status == 0 && lines.count == 3, "\(result)")
        #expect(lines.first?["type"]?.string == "host" && lines.first?["aof"]?.string == "everysec")
        for (point, payload) in zip(lines.dropFirst(), [0, 64]) {
            #expect(point["workload"]?.string == "no-op" && point["payload"]?.int == payload && point["exact"]?.bool == true, "\(point)")
            #expect(point["done"] == [20_000, 20_000] && point["items_per_s"]?["rounds"]?.int == 2)
            for name in ["items_per_s", "submit_ms", "redis_calls_per_item", "worker_us_per_item"] { #expect(median(point, name) ?? 0 > 0, "\(name)") }
            #expect((median(point, "push_per_s") ?? 0 > 0) == (payload > 0) && (point["waiting_bytes_per_item"]?.isNull == true) == (payload == 0))
            #expect(point["latency"]?["samples"]?.int == 40 && point["latency"]?["us"]?["p99.9"] != nil && point["latency"]?["raw_us"]?["max"] != nil)
        }
    }

    @Test func aKilledWorkerLosesNothing() async throws {
        let (result, lines) = try await bench([
            "--workload", "sleep,process", "--items", "300", "--slots", "4", "--sleep", "20ms", "--rounds", "1", "--kill",
        ])
        #expect(result.status == 0 && lines.count == 3, "\(result)")
        for point in lines.dropFirst() {
            #expect(point["exact"]?.bool == true && point["done"] == [300], "\(point)")
            let recovery = try #require(point["recovery"])
            #expect(recovery["exact"]?.bool == true && recovery["done"] == recovery["items"] && recovery["done_after_s"]?.isNull == false, "\(point)")
        }
        #expect(median(lines[1], "handler_ms") ?? 0 >= 20 && median(lines[1], "of_possible") ?? 0 > 0)
        #expect(median(lines[2], "children_us_per_item") ?? 0 > 0)
    }

    @Test func streamsAndSpinsAreMeasured() async throws {
        let (result, lines) = try await bench(["--workload", "cpu,stream", "--items", "500", "--rounds", "1", "--batch", "50"])
        #expect(result.status == 0 && lines.count == 3, "\(result)")
        for point in lines.dropFirst() { #expect(point["exact"]?.bool == true && point["done"] == [500] && point["batch"]?.int == 50, "\(point)") }
    }

    @Test func whatTakesTooLongIsCut() async throws {
        let (result, lines) = try await bench(["--workload", "sleep", "--duration", "1s", "--rounds", "1"])
        #expect(result.status == 0, "\(result)")
        let done = lines.last?["done"]?.array?.first?.int ?? 0
        #expect(done > 0 && done < 100_000 && lines.last?["exact"]?.bool == true, "\(result)")
    }

    /// Another's Redis: what was there stays, what the benchmark made goes; also when it is interrupted, by whatever.
    @Test(arguments: [SIGINT, SIGKILL, nil]) func nothingIsLeft(_ signal: Int32?) async throws {
        let scratch = try Scratch(), socket = scratch.path("s")
        let redis = try Command("/usr/bin/env", ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", scratch.root])
        defer { redis.end() }
        #expect(await wait(seconds: 30) { FileManager.default.fileExists(atPath: socket) })
        let given = signal == SIGKILL ? [] : ["--redis", "unix://" + socket]
        let length = signal == nil ? ["--items", "1k"] : ["--duration", "60s"]
        let command = try Command(
            Drover.path, ["bench", "--rounds", "1", "--workload", "sleep,process", "--latency-samples", "0"] + length + given, environment: ["TMPDIR": scratch.root])
        if let signal {
            #expect(await wait(seconds: 60) { Self.processes(scratch.root, but: redis.pid).contains { $0.contains("__bench") } })
            try await Task.sleep(for: .seconds(2))
            command.signal(signal)
        }
        let end = try await command.finish(limit: 120)
        #expect(end.status == (signal == SIGINT ? 130 : signal == nil ? 0 : 128 + SIGKILL), "\(end)")
        #expect(await wait(seconds: 30) { Self.processes(scratch.root, but: redis.pid).isEmpty }, "\(Self.processes(scratch.root, but: redis.pid))")
        guard signal != SIGKILL else { return }
        let left = try await Command("/usr/bin/env", ["redis-cli", "-s", socket, "keys", "drover:{????????-*"]).finish(limit: 30)
        #expect(left.output.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty, "\(left)")
        #expect(!FileManager.default.contentsOfDirectory(scratch.root).contains { $0.hasPrefix("drover-run-") })
    }

    /// Command lines of processes that have a folder in their environment or in their command line.
    private static func processes(_ folder: String, but other: Int32) -> [String] {
        FileManager.default.contentsOfDirectory("/proc").filter { Int32($0) ?? other != other }.compactMap { pid in
            let parts = ["environ", "cmdline"].map { FileManager.default.contents(atPath: "/proc/\(pid)/\($0)") ?? Data() }
            return parts.contains { $0.firstRange(of: Data(folder.utf8)) != nil } ? String(decoding: parts[1], as: UTF8.self) : nil
        }
    }
}

extension FileManager {
    fileprivate func contentsOfDirectory(_ path: String) -> [String] { (try? contentsOfDirectory(atPath: path)) ?? [] }
}
