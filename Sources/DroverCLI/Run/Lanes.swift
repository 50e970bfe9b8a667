import Redis
import Worker

/// The threads of connections run slots.
extension RedisConnection: SlotLane {}
