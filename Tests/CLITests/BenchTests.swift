import ArgumentParser
import BatchAPI
import Testing

@testable import DroverCLI

/// The benchmark's sweep and arithmetic.
@Suite struct BenchTests {
    @Test(arguments: [
        ("1", [1]), ("1,2,4", [1, 2, 4]), ("4,1", [4, 1]), ("10k", [10_000]), ("1.5M,2", [1_500_000, 2]), ("1e8", [100_000_000]), ("2G", [2_000_000_000]), ("1.5", nil),
        ("0", nil), ("-1", nil), ("", nil), ("1,", nil), ("1,1", nil), ("x", nil), ("nan", nil), ("0x10", nil), ("3G", nil), ("1 ", nil),
    ] as [(String, [Int]?)])
    func numbersOfASweep(text: String, numbers: [Int]?) {
        #expect((try? SweepArgument.numbers(text, "--items", 1...Int(Int32.max))) == numbers)
    }

    @Test func allCombinationsAreMeasured() throws {
        let command = try BenchCommand.parse([
            "--workload", "no-op,stream", "--workers", "1,2", "--slots", "3", "--payload", "0,64", "--batch", "1,100", "--parallelism", "1,2",
        ])
        let points = try command.sweep().points
        #expect(points.count == 32 && Set(points).count == 32)
        let alone = try BenchCommand.parse(["--workers", "4", "--slots", "2"]).sweep().points
        #expect(alone == [BenchPoint(workload: .nothing, payload: 0, batch: nil, workers: 4, slots: 2, parallelism: 8)])
        // As few changes of the workers as can be.
        let kinds = points.map { BenchFleet.Kind($0) }
        #expect(zip(kinds, kinds.dropFirst()).filter { $0 != $1 }.count == 7)
    }

    @Test(arguments: [
        (["--workers", "0"], "--workers 0: 0 is no whole number from 1 to 1000"), (["--workload", "nap"], "--workload nap: there is no workload nap"),
        (["--payload", "65537"], "--payload 65537"), (["--slots", "1,x"], "--slots 1,x: x is no whole number"), (["--items", "1,2"], "--items 1,2: give one"),
        (["--rounds", "0"], "--rounds 0"), (["--rounds", "1000", "--workers", "1,2,3,4,5,6,7,8,9,10,11"], "--rounds 1000: these are 11000 rounds"),
        (["--aof", "sometimes"], "--aof sometimes"), (["--aof", "always", "--redis", "redis://h"], "--aof always: is for a private Redis"),
        (["--redis", "h"], "--redis: "), (["--lease", "1s"], "--lease 1s"), (["--duration", "0"], "--duration 0s"), (["--batch", "0"], "--batch 0"),
        (["--parallelism", "1000k"], "--parallelism 1000k"), (["--slots", "10000", "--workers", "11"], "--slots 10000: 11 workers"),
    ])
    func whatIsWrongIsNamed(arguments: [String], start: String) {
        let error = #expect(throws: (any Error).self) { try BenchCommand.parse(arguments) }
        let message = error.map { BenchCommand.message(for: $0) } ?? ""
        #expect(message.hasPrefix(start), "\(message)")
    }

    @Test func itemsOfARound() throws {
        func items(_ arguments: [String]) throws -> [Int] {
            let command = try BenchCommand.parse(arguments)
            var settings = try command.settings()
            settings.cores = 2
            return try command.sweep().points.map { settings.items(of: $0) }
        }
        #expect(try items([]) == [10_000_000])
        #expect(try items(["--workload", "sleep", "--workers", "1,64", "--slots", "16"]) == [8000, 512_000])
        #expect(try items(["--workload", "sleep", "--slots", "4", "--parallelism", "2"]) == [1000])
        #expect(try items(["--workload", "cpu", "--slots", "100", "--cpu-time", "5ms"]) == [2000])
        #expect(try items(["--duration", "20s"]) == [Int(Int32.max)])
        #expect(try items(["--duration", "20s", "--items", "7"]) == [7])
        // No more than may wait.
        #expect(try items(["--payload", "64,65536"]) == [1_000_000, 3070])
    }

    @Test func medianAndRange() {
        #expect(Spread([]) == nil)
        let odd = Spread([3, 1, 2])!, even = Spread([4, 1, 3, 2])!
        #expect(odd.median == 2 && odd.least == 1 && odd.most == 3)
        #expect(even.median == 2.5 && Spread([7])!.median == 7)
    }

    @Test func percentiles() {
        var latencies = Latencies(nanoseconds: (1...1000).map { $0 * 1000 })
        for (percent, expected) in [(50.0, 500.0), (90, 900), (99, 990), (99.9, 999), (100, 1000)] {
            #expect(abs(latencies.microseconds(percent) - expected) <= expected * 0.002, "p\(percent): \(latencies.microseconds(percent))")
        }
        latencies.add(Latencies(nanoseconds: [-5, 5_000_000_000]))
        #expect(latencies.count == 1002)
        #expect(abs(latencies.microseconds(100) - 5_000_000) < 5000)
    }

    @Test(arguments: [
        (11_823_000, "11.8 M"), (523_100, "523 k"), (10_000, "10.0 k"), (9994, "9994"), (95.24, "95.2"), (1.5, "1.50"), (0.0123, "0.0123"), (0, "0"), (999_600, "1.00 M"),
    ] as [(Double, String)])
    func amounts(number: Double, text: String) { #expect(AmountText.text(number) == text) }

    @Test func tablesLeaveOutWhatIsNowhere() {
        var table = TextTable(["what", "a", "b"])
        table.add(["x", nil, "1"])
        table.add(["long", nil, "200"])
        #expect(table.text == "what    b\nx       1\nlong  200\n")
    }

    @Test func whatRedisHasSpent() {
        let info = """
            # Server\r\nredis_version:7.0.15\r\nused_memory:1000\r\nused_memory_rss:2000\r\nused_cpu_sys:1.5\r\nused_cpu_user:2.25\r
            cmdstat_fcall:calls=21,usec=375,usec_per_call=17.8,rejected_calls=0,failed_calls=0\r
            cmdstat_blmpop:calls=4,usec=25,usec_per_call=1\r\ncmdstat_hget:calls=100,usec=50,usec_per_call=0.5\r\n
            """
        let usage = RedisUsage(info: info)
        #expect((usage.calls, usage.cpu, usage.memory, usage.version) == (25, 3.75, 1000, "7.0.15"))
        #expect(RedisUsage(info: "").calls == 0)
    }

    @Test func whatProcessesAndTheHostHaveSpent() {
        let usage = ProcessUsage(cpu: 1, children: 2, items: 3, busy: 4)
        #expect(ProcessUsage(line: Substring(usage.line)) == usage && ProcessUsage(line: "1 2") == nil)
        #expect(usage + usage - usage == usage)
        let before = HostUsage(stat: "cpu  10 0 10 70 10 0 0 0 0 0"), after = HostUsage(stat: "cpu  40 0 20 110 30 0 0 0 0 0")
        #expect(after.busyPart(since: before) == 0.4 && before.busyPart(since: before) == nil)
    }

    @Test func theFirstItemThatIsMissing() {
        for (text, index) in [("", 0), ("0", 1), ("0-7", 8), ("0-7,9", 8), ("0,2-4", 1), ("3-4", 0)] { #expect(BenchRecovery.firstMissing(text) == index, "\(text)") }
    }

    @Test func partsAreToldWhatTheyAre() {
        var part = BenchPart(kind: .pods, redis: "redis://:s3cret@h", mark: "m", name: "n", lease: .seconds(3))
        (part.slots, part.batch, part.settles, part.sleep, part.cpuTime, part.folder) = (7, 9, true, .microseconds(1500), .milliseconds(2), "/f")
        #expect(BenchPart(text: part.text) == part)
        #expect(BenchPart(text: "{}") == nil && BenchPart(text: "x") == nil)
    }

    @Test func jobsAreValid() throws {
        for workload in BenchWorkload.allCases {
            for items in [nil, 1_000_000] {
                let text = BenchJob(workload.work("m", streamCommand: StreamHandler.python), items: items, parallelism: 20_000).manifest(name: "bench-1", mark: "m")
                let document = try #require(Manifest.load(Array(text.utf8), file: "job").first)
                let job = Job(JobDefaults.apply(to: document.value, uid: "u", now: Timestamp(milliseconds: 0), nameSuffix: "x"))
                #expect(JobValidation.validate(create: job).isEmpty, "\(JobValidation.validate(create: job))")
            }
        }
    }
}
