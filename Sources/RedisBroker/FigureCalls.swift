import Broker
import Redis

extension RedisBroker: FigureStore {
    public func figures() async throws(BrokerError) -> StoreFigures {
        var figures = StoreFigures()
        var place = ""
        repeat {
            var reply = try await list("figures", [place, 200])
            place = try reply.text()
            while !reply.isEmpty { figures.add(try reply.text(), try reply.int()) }
        } while !place.isEmpty
        return figures
    }
}

extension StoreFigures {
    /// Takes a figure by the store's name for it; unknown ones are another version's.
    fileprivate mutating func add(_ name: String, _ number: Int) {
        if name.hasPrefix("gate:") {
            gates[String(name.dropFirst(5)), default: 0] += number
        } else if name.hasPrefix("count:") {
            if let count = Count(rawValue: String(name.dropFirst(6))) { counts[count] = number }
        } else if let level = Level(rawValue: name) {
            add(number, to: level)
        }
    }
}
