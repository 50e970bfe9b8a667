import BatchAPI
import Synchronization

/// Bounds how many requests of a sort are under way, on this server and for one client.
final class Gatekeeper: Sendable {
    enum Sort: String, Sendable { case request, list = "lists", watch = "watches", log = "followed logs" }

    /// The right to be under way, given back with its last reference.
    final class Ticket: Sendable {
        fileprivate let sort: Sort
        fileprivate let client: String
        private let gatekeeper: Gatekeeper

        fileprivate init(_ sort: Sort, _ client: String, _ gatekeeper: Gatekeeper) {
            (self.sort, self.client, self.gatekeeper) = (sort, client, gatekeeper)
        }

        deinit { gatekeeper.leave(sort, client) }
    }

    private struct State {
        var inside: [Sort: Int] = [:]
        var clients: [Sort: [String: Int]] = [:]
    }

    private let state = Mutex(State())
    private let metrics: RequestMetrics
    private let limits: [Sort: (server: Int, client: Int)]

    init(_ options: APIOptions) {
        metrics = RequestMetrics(factory: options.metrics)
        limits = [
            .request: (options.maximumRequests, .max), .list: (options.maximumLists, .max),
            .watch: (options.maximumWatches, options.maximumWatchesOfClient), .log: (options.maximumLogs, options.maximumLogsOfClient),
        ]
    }

    /// Lets a request in.
    /// - Throws: 429 if there are too many of its sort.
    func enter(_ sort: Sort, client: String) throws(APIStatus) -> Ticket {
        let limit = limits[sort]!
        let refusal: APIStatus? = state.withLock { state in
            if state.inside[sort, default: 0] >= limit.server { return .tooMany("\(sort.rawValue) on this server", limit.server) }
            guard limit.client < .max else {
                state.inside[sort, default: 0] += 1
                return nil
            }
            if state.clients[sort]?[client] ?? 0 >= limit.client { return .tooMany("\(sort.rawValue) of one client", limit.client) }
            state.inside[sort, default: 0] += 1
            state.clients[sort, default: [:]][client, default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
        tell(sort)
        return Ticket(sort, client, self)
    }

    private func leave(_ sort: Sort, _ client: String) {
        state.withLock { state in
            state.inside[sort, default: 1] -= 1
            guard let count = state.clients[sort]?[client] else { return }
            state.clients[sort]?[client] = count > 1 ? count - 1 : nil
        }
        tell(sort)
    }

    func count(_ sort: Sort) -> Int { state.withLock { $0.inside[sort] ?? 0 } }

    private func tell(_ sort: Sort) {
        switch sort {
        case .watch: metrics.open(count(.watch), longRunning: "watch")
        case .log: metrics.open(count(.log), longRunning: "log")
        case .request, .list: break
        }
    }
}

extension Gatekeeper.Sort {
    /// Nil for what is always answered: health, metrics, documents.
    init?(_ purpose: RequestMetrics.Purpose, _ request: APIRequest) {
        guard ["api", "apis"].contains(request.path.first) else { return nil }
        switch purpose.verb {
        case "WATCH": self = .watch
        case "LIST": self = .list
        case "GET" where purpose.resource == "pods/log" && request.query.flag("follow"): self = .log
        default: self = .request
        }
    }
}
