import Testing

@testable import Worker

@Suite struct GuardianStateTests {
    private func attempt(_ id: UInt64, deadline: UInt64 = 0) -> GuardianAttempt {
        GuardianAttempt(id: id, place: .cgroup("slot-\(id)"), deadline: deadline)
    }

    private func state(_ attempts: [GuardianAttempt]) -> GuardianState {
        var state = GuardianState()
        for attempt in attempts { #expect(state.handle(.record(.add(attempt)), now: 0) == []) }
        return state
    }

    @Test func passedDeadlineEndsAndReports() {
        var state = state([attempt(1, deadline: 100), attempt(2, deadline: 200), attempt(3)])
        #expect(state.nextDue == 100)
        #expect(state.handle(.tick, now: 99) == [])
        #expect(state.handle(.tick, now: 100) == [.tell(1), .kill(attempt(1, deadline: 100))], "told before it is done")
        #expect(state.nextDue == 105)
        #expect(state.handle(.ended(1), now: 101) == [.release(1)])
        #expect(state.handle(.ended(1), now: 101) == [], "once")
        #expect(state.nextDue == 200)
    }

    @Test func endingIsTriedUntilDone() {
        var state = state([attempt(1, deadline: 100)])
        _ = state.handle(.tick, now: 100)
        #expect(state.handle(.tick, now: 104) == [])
        #expect(state.handle(.tick, now: 105) == [.kill(attempt(1, deadline: 100))])
        #expect(state.handle(.record(.remove(1)), now: 106) == [])
        #expect(state.handle(.tick, now: 110) == [.kill(attempt(1, deadline: 100))], "its cgroup must go, whatever the worker says late")
    }

    @Test func renewalMovesEveryDeadline() {
        var state = state([attempt(1, deadline: 100), attempt(2)])
        #expect(state.handle(.record(.renewAll(deadline: 300)), now: 90) == [])
        #expect(state.handle(.tick, now: 299) == [])
        #expect(state.handle(.tick, now: 300) == [.tell(1), .tell(2), .kill(attempt(1, deadline: 300)), .kill(attempt(2, deadline: 300))])
        #expect(state.handle(.record(.renewAll(deadline: 900)), now: 301) == [], "too late for both")
        #expect(state.nextDue == 305)
    }

    @Test func zeroDeadlineIsNone() {
        var state = state([attempt(1, deadline: 100)])
        _ = state.handle(.record(.renewAll(deadline: 0)), now: 90)
        #expect(state.nextDue == nil)
        #expect(state.handle(.tick, now: 10_000) == [])
    }

    @Test func removedAttemptIsForgotten() {
        var state = state([attempt(1, deadline: 100)])
        #expect(state.handle(.record(.remove(1)), now: 50) == [])
        #expect(state.handle(.closed, now: 200) == [.finish])
    }

    @Test(arguments: [GuardianState.Event.closed, .record(.bye)])
    func endOfTheWorker(event: GuardianState.Event) {
        let redis = ProcessIdentity(pid: 9, startTicks: 77)
        var state = state([attempt(2), attempt(1, deadline: 500)])
        _ = state.handle(.record(.redis(redis)), now: 1)
        #expect(state.handle(event, now: 2) == [.tell(1), .tell(2), .kill(attempt(1, deadline: 500)), .kill(attempt(2))])
        #expect(state.handle(.ended(1), now: 3) == [.release(1)])
        #expect(state.handle(.closed, now: 3) == [])
        #expect(state.handle(.ended(2), now: 4) == [.release(2), .endRedis(redis)], "Redis goes last")
        #expect(state.handle(.redisEnded, now: 5) == [.finish])
    }

    @Test func redisThatWasTakenBackIsLeftAlone() {
        var state = state([])
        _ = state.handle(.record(.redis(ProcessIdentity(pid: 9, startTicks: 77))), now: 1)
        _ = state.handle(.record(.redis(nil)), now: 2)
        #expect(state.handle(.closed, now: 3) == [.finish])
    }

    @Test(arguments: [
        GuardianRecord.add(.init(id: .max, place: .cgroup("slot-12345678901234-678"), deadline: 12)),
        .add(.init(id: 7, place: .session(.init(pid: 4321, startTicks: 99)), deadline: 0)),
        .remove(3), .renewAll(deadline: 1 << 60), .redis(.init(pid: 5, startTicks: 6)), .redis(nil), .bye,
    ])
    func recordsRoundTrip(record: GuardianRecord) {
        #expect(record.encoded.count == GuardianRecord.size)
        #expect(GuardianRecord(record.encoded[...]) == record)
    }

    @Test func rubbishIsNoRecord() {
        #expect(GuardianRecord([UInt8](repeating: 0, count: 64)[...]) == nil)
        #expect(GuardianRecord([1, 2, 3]) == nil)
    }
}
