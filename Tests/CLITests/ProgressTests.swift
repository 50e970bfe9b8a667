import BatchAPI
import Testing

@testable import DroverCLI

@Suite struct ProgressTests {
    private func state(_ done: Int, of total: Int?, active: Int = 0, failed: Int = 0, retries: Int = 0, after: Int64 = 10_000) -> ProgressState {
        var state = ProgressState(.init(total: total), now: 5000)
        state.update(.init(done: done, total: total, active: active, failed: failed, retries: retries), now: 5000 + after)
        return state
    }

    @Test func theBar() {
        let line = ProgressLine.bar(state(3700, of: 10_000, active: 8, failed: 2), width: 79)
        #expect(line == " 37% [#########................] 3700/10000  active 8  failed 2  370/s  eta 17s")
    }

    @Test func theBarFitsAnyWidth() {
        for done in [0, 1, 99_999_999, 100_000_000] {
            for width in 0...200 {
                let line = ProgressLine.bar(state(done, of: 100_000_000, active: 110, failed: 1, retries: 77), width: width)
                #expect(line.count <= width)
                if width >= 24 { #expect(line.contains("\(done)/100000000")) }
            }
        }
    }

    @Test func withoutATotalThereIsNoBar() {
        #expect(ProgressLine.bar(state(12, of: nil, active: 3), width: 80) == "12 done  active 3  failed 0  1.2/s")
    }

    @Test func atTheEnd() {
        #expect(ProgressLine.plain(state(10, of: 10, failed: 1)) == "100% 10/10  failed 1  1.0/s  10s")
        #expect(ProgressLine.plain(state(0, of: 0)) == "100% 0/0  failed 0  10s")
        #expect(ProgressLine.plain(state(5, of: nil, active: 1)) == "5 done  active 1  failed 0  30/min  10s")
    }

    @Test func oddCountsDoNoHarm() {
        for (done, total) in [(5, 3), (-1, 10), (0, 0), (1, 0)] { _ = ProgressLine.bar(state(done, of: total), width: 80) }
        #expect(state(5, of: 3).fraction == 1 && state(5, of: 3).eta == 0)
    }

    @Test func theRateIsThatOfTheLastSeconds() {
        var state = ProgressState(.init(total: 100_000), now: 0)
        for second in 1...100 { state.update(.init(done: second * 10, total: 100_000), now: Int64(second) * 1000) }
        #expect(state.rate == 10)
        for second in 1...30 { state.update(.init(done: 1000 + second * 100, total: 100_000), now: 100_000 + Int64(second) * 1000) }
        #expect(state.rate > 95 && state.rate <= 100)
        #expect(state.eta! > 950 && state.eta! < 1011)
    }

    @Test func longItemsTakeTheWholeRun() {
        var state = ProgressState(.init(total: 10), now: 0)
        state.update(.init(done: 3, total: 10), now: 90_000)
        state.update(.init(done: 3, total: 10), now: 100_000)
        #expect(state.rate == 0.03)
        #expect(state.eta.map { Int($0.rounded()) } == 233)
    }

    @Test func itemsOfAnEarlierRunAreNoSpeed() {
        var state = ProgressState(.init(done: 900, total: 1000), now: 0)
        #expect(state.rate == 0 && state.eta == nil)
        state.update(.init(done: 910, total: 1000), now: 5000)
        #expect(state.rate == 2 && state.eta == 45)
    }

    @Test func aClockThatStandsOrGoesBackDoesNoHarm() {
        var state = ProgressState(.init(total: 10), now: 1000)
        state.update(.init(done: 9, total: 10), now: 1000)
        #expect(state.rate == 0 && state.eta == nil)
        state.update(.init(done: 9, total: 10), now: 0)
        #expect(state.elapsed == 0)
    }

    @Test func json() throws {
        let line = state(37, of: 100, active: 8, failed: 2, retries: 1).json
        #expect(
            line == #"{"type":"progress","done":37,"total":100,"active":8,"failed":2,"retries":1,"rate":3.7,"eta_s":17.027,"elapsed_s":10.0}"#)
        let unknown = try Value.parse(json: bytes(state(0, of: nil).json))
        #expect(unknown["total"] == .null && unknown["eta_s"] == .null)
    }

    static let spans: [(Double, String)] = [
        (0, "0.0s"), (0.44, "0.4s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m00s"), (125, "2m05s"),
        (3720, "1h02m"), (273_600, "3d04h"), (-1, "0.0s"), (.infinity, "?"), (.nan, "?"),
    ]

    @Test(arguments: spans) func spansForPeople(_ seconds: Double, _ text: String) { #expect(SpanText.text(seconds) == text) }

    static let rates: [(Double, String)] = [
        (412.3, "412/s"), (4.12, "4.1/s"), (1, "1.0/s"), (0.2, "12/min"), (0.001, "3.6/h"), (1e300, "1000000000000000/s"),
    ]

    @Test(arguments: rates) func ratesForPeople(_ rate: Double, _ text: String) { #expect(SpanText.rate(rate) == text) }

    @Test func modes() {
        #expect(ProgressMode.auto.style(isTerminal: true) == .bar && ProgressMode.auto.style(isTerminal: false) == .plain)
        #expect(ProgressMode.json.style(isTerminal: true) == .json && ProgressMode(rawValue: "x") == nil)
    }

    @Test func plainLinesAreFew() {
        var pace = ProgressPace(.plain)
        var state = ProgressState(.init(total: 1000), now: 0)
        var due: [Int64] = []
        for step in 0...1000 {
            state.update(.init(done: step, total: 1000), now: Int64(step))
            if pace.isDue(state) { due.append(state.now) }
        }
        #expect(due == [100, 200, 300, 400, 500, 600, 700, 800, 900], "the last line is the end's")
    }

    @Test func slowRunsShowSignsOfLife() {
        var pace = ProgressPace(.plain)
        var state = ProgressState(.init(total: 1_000_000), now: 0)
        var due: [Int64] = []
        for second in Int64(0)...200 {
            state.update(.init(done: min(Int(second), 12), total: 1_000_000), now: second * 1000)
            if pace.isDue(state) { due.append(second) }
        }
        #expect(due == [5, 10, 15, 75, 135, 195])
    }
}
