import BatchAPI
import Broker
import Redis

extension RedisBroker {
    /// Who leads now; nil if nobody does.
    public func leader() async throws(BrokerError) -> LeaderRecord? {
        let fields: RedisValue
        do {
            fields = try await connection.call(RedisCommand("HMGET", "drover:{drover}:sys", "leader", "address", "epoch", "renewal", "acquired", "lease"))
        } catch { throw BrokerError(error) }
        var reply = Reply(fields.array ?? [])
        guard let instance = try? reply.text(), !instance.isEmpty else { return nil }
        let address = try reply.text()
        return LeaderRecord(
            instance: instance, address: address, epoch: Int64(try reply.int()), renewal: Int64(try reply.int()), acquired: try reply.time(),
            version: (try? reply.text()) ?? "1")
    }
}
