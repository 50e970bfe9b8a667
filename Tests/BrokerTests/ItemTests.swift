import BatchAPI
import Broker
import Testing

@Suite struct ItemTests {
    private static func packed(_ texts: [String]) -> PackedItems {
        var items = PackedItems()
        for text in texts { items.append(text.utf8) }
        return items
    }

    private static func texts(_ grant: Grant?) -> [String] {
        var reader = PackedReader(grant?.payloads ?? []), texts: [String] = []
        while let item = reader.next() { texts.append(String(decoding: item, as: UTF8.self)) }
        return texts
    }

    private static func items(_ range: Range<Int>) -> PackedItems { packed(range.map { "item \($0)" }) }

    /// A Job whose items are pushed, `slab` to a slab.
    private static func job(_ stage: Stage, perIndex: Int? = 1) async throws {
        var job = Stage.job("u", completions: 0, perIndex: perIndex, runtime: .handler)
        job.metadata.annotations[Job.itemsAnnotation] = "true"
        _ = try await stage.broker.create(job, settings: LedgerSettings())
        try await stage.takeAll()
        try await stage.open(permits: 20)
    }

    @discardableResult
    private static func push(_ stage: Stage, _ range: Range<Int>, slab: Int = 4, isLast: Bool = false) async throws -> PushReply {
        try await stage.broker.push(ItemPush(job: "u", first: range.lowerBound, items: items(range), slab: slab, isLast: isLast))
    }

    @Test func packsAnyBytes() {
        let payloads: [[UInt8]] = [[], [0], Array(repeating: 255, count: 127), Array(repeating: 10, count: 128), Array(repeating: 0, count: 65_536)]
        var items = PackedItems()
        for payload in payloads { items.append(payload) }
        var reader = PackedReader(items.bytes)
        for payload in payloads { #expect(reader.next().map { Array($0) } == payload) }
        #expect(reader.next() == nil)
        #expect(items.slabs(of: 3, from: 2) == [0..<1, 1..<4, 4..<5])
        var broken = PackedReader([5, 1, 2])
        #expect(broken.next() == nil)
    }

    @Test(arguments: Kind.allCases)
    func takesItemsOnceAndInOrder(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            #expect(try await Self.push(stage, 0..<3) == PushReply(result: .taken, count: 3, slab: 4))
            #expect(try await Self.push(stage, 0..<3) == PushReply(result: .had, count: 3, slab: 4))
            #expect(try await Self.push(stage, 5..<6) == PushReply(result: .gap, count: 3, slab: 4))
            #expect(try await Self.push(stage, 2..<5) == PushReply(result: .gap, count: 3, slab: 4))
            #expect(try await Self.push(stage, 3..<5, slab: 9) == PushReply(result: .gap, count: 3, slab: 4))
            #expect(try await Self.push(stage, 3..<14) == PushReply(result: .taken, count: 14, slab: 4))
            #expect(try await Self.push(stage, 14..<14, isLast: true).result == .taken)
            #expect(try await Self.push(stage, 14..<14, isLast: true).result == .had)
            #expect(try await Self.push(stage, 14..<15).result == .closed)
            #expect(try await Self.push(stage, 3..<14).result == .had)
            #expect(try await stage.state().items == 14)
            for index in 0..<14 { #expect(Self.texts(try await stage.claim(index, items: 1)) == ["item \(index)"]) }
        }
    }

    /// Each knows its own items from those that others have put at their place.
    @Test(arguments: Kind.allCases)
    func takesItemsOfSeveralPushers(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            func push(_ who: String, _ range: Range<Int>, isLast: Bool = false) async throws -> PushReply {
                let items = Self.packed(range.map { "\(who) \($0)" })
                return try await stage.broker.push(ItemPush(job: "u", first: range.lowerBound, items: items, slab: 4, isLast: isLast, pusher: who))
            }
            #expect(try await push("a", 0..<3) == PushReply(result: .taken, count: 3, slab: 4))
            #expect(try await push("b", 0..<2) == PushReply(result: .gap, count: 3, slab: 4))
            #expect(try await push("b", 3..<5).result == .taken)
            #expect(try await push("a", 0..<3) == PushReply(result: .had, count: 5, slab: 4), "sent again, as its answer was lost")
            #expect(try await push("a", 3..<5).result == .gap)
            #expect(try await push("a", 5..<6).result == .taken)
            #expect(try await push("b", 6..<6, isLast: true).result == .taken)
            #expect(try await push("b", 3..<5).result == .had)
            #expect(try await push("c", 3..<5).result == .closed)
            let names = ["a 0", "a 1", "a 2", "b 3", "b 4", "a 5"]
            for (slot, name) in names.enumerated() { #expect(Self.texts(try await stage.claim(slot, items: 1)) == [name]) }
        }
    }

    @Test(arguments: Kind.allCases)
    func refusesWhatIsNoJobForItems(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await stage.job()
            await #expect(throws: BrokerError.self) { try await Self.push(stage, 0..<1) }
            do throws(BrokerError) { _ = try await stage.broker.push(ItemPush(job: "none", first: 0, items: Self.items(0..<1), slab: 4)) } catch {
                #expect(error.code == .notFound)
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func showsAFailedItemItsPayloadAgain(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            try await Self.push(stage, 0..<8)
            for slot in 0..<8 {
                let grant = try #require(try await stage.claim(slot, items: 1))
                var report = stage.report(grant, .succeeded, slot: slot, exceptions: slot == 1 || slot == 6 ? [slot] : [])
                report.details = report.exceptions.map { ItemFailure(exitCode: 1, message: "no \($0)") }
                #expect(try await stage.broker.report(report, claiming: false).accepted)
            }
            #expect(try await stage.claim(9, items: 1) == nil)
            try await stage.judge(.retry, permits: 20)
            #expect(Self.texts(try await stage.claim(10, items: 5)) == ["item 1"])
            let second = try #require(try await stage.claim(11, items: 5))
            #expect(Self.texts(second) == ["item 6"])
            try await stage.broker.deregister(name: "n", instance: "n1", lost: true)
            try await stage.register("n", instance: "n1")
            #expect(Self.texts(try await stage.claim(12, items: 5)) == ["item 1"])
        }
    }

    @Test(arguments: Kind.allCases)
    func isOverOnlyWhenItIsClosed(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            try await Self.push(stage, 0..<2)
            for slot in 0..<2 { try await stage.end(try #require(try await stage.claim(slot, items: 1)), .succeeded, slot: slot) }
            #expect(try await stage.state().job.spec.completions == Int(Int32.max))
            try await stage.decide { ($0.permits, $0.items, $0.status) = (20, 2, JobStatus()) }
            #expect(try await stage.broker.job(namespace: "default", name: "u")?.spec.completions == 2)
            try await Self.push(stage, 2..<2, isLast: true)
            let state = try await stage.state()
            #expect((state.job.spec.completions, state.succeeded) == (2, 2))
        }
    }

    @Test(arguments: Kind.allCases)
    func givesAsManyAsFitInALease(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            var job = Stage.job("u", completions: 0, perIndex: 1)
            job.metadata.annotations[Job.itemsAnnotation] = ""
            _ = try await stage.broker.create(job, settings: LedgerSettings())
            try await stage.open(permits: 20)
            var items = PackedItems()
            for _ in 0..<12 { items.append([UInt8](repeating: 7, count: 50_000)) }
            #expect(try await stage.broker.push(ItemPush(job: "u", first: 0, items: items, slab: 2)).result == .taken)
            #expect(try await stage.claim(0, items: 100, pod: "")?.items == 0...3)
            #expect(try await stage.claim(1, items: 3, pod: "")?.items == 4...6)
            #expect(try await stage.claim(2, items: 100, pod: "")?.items == 7...9)
            #expect(try await stage.claim(3, items: 100, pod: "")?.payloads.count == 2 * 50_003)
        }
    }

    @Test(arguments: Kind.allCases)
    func anEditDoesNotChangeHowManyThereAre(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            try await Self.push(stage, 0..<9)
            var job = try #require(try await stage.broker.job(namespace: "default", name: "u"))
            (job.spec.completions, job.spec.parallelism) = (3, 2)
            _ = try await stage.broker.update(job)
            #expect(try await stage.state().items == 9)
            #expect(Self.texts(try await stage.claim(0, items: 1)) == ["item 0"])
        }
    }

    @Test(arguments: Kind.allCases)
    func keepsResultsUntilTheyAreRead(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            try await Self.push(stage, 0..<6)
            for slot in 0..<3 {
                var report = stage.report(try #require(try await stage.claim(slot, items: 1)), .succeeded, slot: slot)
                report.results.append(slot, "result \(slot)".utf8)
                #expect(try await stage.broker.report(report, claiming: false).accepted)
                #expect(try await stage.broker.report(report, claiming: false).accepted)
            }
            let page = try await stage.broker.results(job: "u", from: 0)
            #expect(page.first == 0 && page.batches.count == 3)
            let all = page.batches.flatMap { PackedResults.read($0) }
            #expect(all.map(\.index) == [0, 1, 2] && all.map { String(decoding: $0.bytes, as: UTF8.self) } == ["result 0", "result 1", "result 2"])
            #expect(try await stage.broker.results(job: "u", from: 0) == page)
            #expect(try await stage.broker.results(job: "u", from: 2) == ResultPage(first: 2, batches: [page.batches[2]]))
            #expect(try await stage.broker.results(job: "u", from: 0).first == 2)
            #expect(try await stage.broker.results(job: "u", from: 3) == ResultPage(first: 3, batches: []))
        }
    }

    @Test(arguments: Kind.allCases)
    func startsNothingWhileTooManyResultsWait(_ kind: Kind) async throws {
        try await withStage(kind) { stage in
            try await Self.job(stage)
            try await Self.push(stage, 0..<18)
            var results = PackedResults()
            for _ in 0..<(4 << 20) / 4096 { results.append(0, [UInt8](repeating: 1, count: 4096)) }
            for slot in 0..<16 {
                var report = stage.report(try #require(try await stage.claim(slot, items: 1)), .succeeded, slot: slot)
                report.results = results
                #expect(try await stage.broker.report(report, claiming: false).accepted)
            }
            #expect(try await stage.claim(16, items: 1) == nil)
            _ = try await stage.broker.results(job: "u", from: 1)
            #expect(try await stage.claim(17, items: 1)?.items == 16...16)
        }
    }
}
