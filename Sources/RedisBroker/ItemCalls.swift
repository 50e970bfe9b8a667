import Broker
import Redis

extension RedisBroker {
    public func push(_ push: ItemPush) async throws(BrokerError) -> PushReply {
        var arguments: [any RedisArgument] = [push.job, push.first, push.items.count, push.slab, push.isLast ? 1 : 0, push.pusher]
        for range in push.items.slabs(of: max(1, push.slab), from: push.first) { arguments.append(push.items[range]) }
        var reply = try await list("push", arguments)
        let count = try reply.count(), slab = try reply.count()
        guard let result = PushReply.Result(rawValue: try reply.text()) else { throw .malformed("push") }
        return PushReply(result: result, count: count, slab: slab)
    }

    public func results(job: String, from batch: Int) async throws(BrokerError) -> ResultPage {
        var reply = try await list("results", [job, batch])
        var page = ResultPage(first: try reply.count(), batches: [])
        while !reply.isEmpty { page.batches.append(try reply.bytes()) }
        return page
    }
}
