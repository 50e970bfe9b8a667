import Testing

@testable import DroverCLI

@Suite struct OrderTests {
    private func drain(_ order: inout OrderedOutput) -> [Int] {
        var shown: [Int] = []
        while let next = order.next() { shown.append(next) }
        return shown
    }

    @Test func outputsComeInTheOrderOfItems() {
        var order = OrderedOutput()
        let steps: [(Int, [Int])] = [(2, []), (1, []), (0, [0, 1, 2]), (3, [3]), (5, []), (5, []), (4, [4, 5]), (0, [])]
        for (finished, shown) in steps {
            order.finished(finished)
            #expect(drain(&order) == shown)
        }
    }

    @Test func anyOrderShowsEachOnce() {
        var random = SystemRandomNumberGenerator()
        var order = OrderedOutput()
        var shown: [Int] = []
        for index in (0..<1000).shuffled(using: &random) {
            order.finished(index)
            shown += drain(&order)
        }
        #expect(shown == Array(0..<1000))
    }

    @Test func skippedItemsAreNotWaitedFor() {
        var order = OrderedOutput(skipping: ItemSet([0, 2, 3]))
        order.finished(4)
        #expect(drain(&order) == [])
        order.finished(1)
        #expect(drain(&order) == [1, 4])
        #expect(drain(&order) == [], "and the end of all items is no loop")
    }

    @Test func aStoppedRunShowsWhatIsThere() {
        var order = OrderedOutput()
        for index in [1, 2, 5] { order.finished(index) }
        var shown: [Int] = []
        while let next = order.nextAfterGaps(below: 8) { shown.append(next) }
        #expect(shown == [1, 2, 5])
    }

    @Test func haltsAfterThatManyFailures() {
        var halt = Halt(after: 2)
        #expect([halt.itemFailed(), halt.itemFailed(), halt.itemFailed()] == [false, true, true])
        for never in [Halt(after: 0), Halt(after: nil), Halt(after: -1)] {
            var halt = never
            #expect((0..<1000).allSatisfy { _ in !halt.itemFailed() })
        }
    }

    @Test func setsHoldWhatWasInserted() {
        var set = ItemSet()
        #expect(!set.contains(0) && !set.contains(-1))
        for index in [0, 63, 64, 1000, 64] { set.insert(index) }
        #expect(set.count == 4)
        #expect((0..<2000).filter { set.contains($0) } == [0, 63, 64, 1000])
    }
}
