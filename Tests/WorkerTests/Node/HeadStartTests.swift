import Testing

@testable import Worker

@Suite struct HeadStartTests {
    @Test func whatOthersSuitBetterWaitsForItsTurn() {
        var start = HeadStart()
        let before = start.hear(now: .zero)
        #expect(!before, "nothing is left to others")
        start.classes = ["c"]
        #expect(start.withholds("c", now: .zero) && !start.withholds("", now: .zero))
        let (first, second) = (start.hear(now: .seconds(1)), start.hear(now: .seconds(1)))
        #expect(first && !second, "one turn at a time")
        start.begin(now: .seconds(2))
        #expect(!start.withholds("c", now: .seconds(2)) && start.withholds("c", now: .seconds(3)))
        start.given("other", now: .seconds(2))
        #expect(start.withholds("c", now: .seconds(3)))
        start.given("c", now: .seconds(2))
        #expect(!start.withholds("c", now: .seconds(6)) && start.withholds("c", now: .seconds(7)))
        let (open, shut) = (start.hear(now: .seconds(6)), start.hear(now: .seconds(8)))
        #expect(!open && shut)
    }
}
