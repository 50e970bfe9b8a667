import BatchAPI
import Broker
import Redis

extension RedisBroker {
    public func job(uid: String) async throws(BrokerError) -> Job? {
        let fields: RedisValue
        do throws(RedisError) {
            fields = try await connection.call(RedisCommand("HMGET", "drover:{\(uid)}:job", "object", "status", "rv"))
        } catch {
            throw BrokerError(error)
        }
        guard let parts = fields.array, parts.first != .null else { return nil }
        var reply = Reply(parts)
        return try reply.job()
    }
}
