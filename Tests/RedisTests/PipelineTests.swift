import Testing

@testable import Redis

@Suite struct PipelineTests {
    private func call(_ id: UInt64, timeout: Int64 = 100) -> PendingCall {
        PendingCall(id: id, command: RedisCommand("GET", "k\(id)"), timeout: timeout, sink: .handshake)
    }

    private func filled(_ ids: ClosedRange<UInt64>, sent: Bool) -> Pipeline {
        var pipeline = Pipeline()
        for id in ids { pipeline.admit(call(id), now: 0) }
        pipeline.fill(now: 0)
        if sent { pipeline.sent(pipeline.output.count) }
        return pipeline
    }

    @Test func answersInOrder() {
        var pipeline = filled(1...3, sent: true)
        #expect((0..<4).map { _ in pipeline.answered()?.id } == [1, 2, 3, nil])
    }

    @Test func waitingCallsExpireUnsent() {
        var pipeline = Pipeline()
        pipeline.admit(call(1, timeout: 50), now: 0)
        pipeline.admit(call(2), now: 0)
        #expect(pipeline.expire(now: 49, heardAt: 0).ended.isEmpty)
        let expiry = pipeline.expire(now: 50, heardAt: 0)
        #expect(expiry.ended.map(\.call.id) == [1])
        #expect(expiry.ended.map(\.sent) == [false])
        #expect(!expiry.stalled)
        #expect(pipeline.nextDeadline == 100)
    }

    @Test func sentCallsKeepTheirPlaceWhenTheyExpire() {
        var pipeline = filled(1...2, sent: true)
        let expiry = pipeline.expire(now: 100, heardAt: 10)
        #expect(expiry.ended.map(\.sent) == [true, true])
        #expect(!expiry.stalled)
        #expect(pipeline.inFlight.map(\.id) == [1, 2])
        #expect(pipeline.expire(now: 1000, heardAt: 10).ended.isEmpty)
    }

    @Test func silenceForTheWholeTimeIsAStall() {
        var pipeline = filled(1...1, sent: true)
        #expect(pipeline.expire(now: 100, heardAt: 0).stalled)
    }

    @Test func unsentCallsOutliveTheConnection() {
        var pipeline = filled(1...3, sent: false)
        pipeline.admit(call(4), now: 1)
        pipeline.sent(1)
        #expect(pipeline.connectionBroke().map(\.call.id) == [1])
        #expect(pipeline.waiting.map(\.id) == [2, 3, 4])
        #expect(pipeline.output.count == 0)
    }

    @Test func cancelledCallsKeepTheirPlaceOnlyIfSent() {
        var pipeline = filled(1...2, sent: true)
        pipeline.admit(call(3), now: 0)
        #expect(pipeline.cancel([2, 3, 9]).map(\.sent) == [false, true])
        #expect(pipeline.inFlight.count == 2)
        #expect(pipeline.waiting.isEmpty)
    }

    @Test func outputIsBounded() {
        var pipeline = Pipeline()
        for id in 0..<UInt64(10) {
            let command = RedisCommand("ECHO", [UInt8](repeating: 0, count: 100_000))
            pipeline.admit(PendingCall(id: id, command: command, timeout: 1, sink: .nobody), now: 0)
        }
        pipeline.fill(now: 0)
        #expect(pipeline.waiting.count == 7)
    }

    @Test func backoffDoublesWithJitterAndResets() {
        var backoff = Backoff(minimum: 10, maximum: 35)
        var random = SystemRandomNumberGenerator()
        for range: ClosedRange<Int64> in [5...10, 10...20, 17...35, 17...35] { #expect(range.contains(backoff.delay(using: &random))) }
        backoff.reset()
        #expect((5...10).contains(backoff.delay(using: &random)))
    }
}
