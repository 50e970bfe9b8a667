import BatchAPI
import Broker
import Synchronization

/// What this node takes: the placement classes that it matches, as far as it has heard of them, and the room that its attempts leave.
final class PlacementBook: Sendable {
    private struct State {
        var page = ClassPage(epoch: "", number: 0, classes: [], isPart: false, written: nil)
        /// All that it has heard of.
        var known: [String: PlacementClass] = ["": .none]
        /// Those that it matches, in the order of their names.
        var matching: [PlacementClass]
        var room: Room
        var headStart = HeadStart()
        var evicting: [Taint] = []
        var evictingSince = Duration.zero
        /// The store has it that room is kept here.
        var holdsReservation = false
        /// Monotonic; nil: never.
        var refreshed: Duration?
    }

    private let name: String
    private let labels: [String: String]
    private let offer: NodeOffer
    private let takesAnything: Bool
    private let state: Mutex<State>
    /// It looks again after so long, also without being told to.
    private static let longest = Duration.seconds(10)

    init(_ options: WorkerOptions, facts: [String: String]) {
        (name, offer, takesAnything) = (options.name, options.offer, options.takesAnything)
        labels = NodeLabels.all(options.name, facts: facts, own: options.labels)
        let node = PlacementNode(name: options.name, labels: labels, offer: offer, written: nil)
        state = Mutex(State(matching: [.none].filter { Placement.fits($0.terms, node) }, room: Room(capacity: options.offer.capacity)))
    }

    /// Names the classes of which the slot may be given an attempt now, and holds room for it; none: there is nothing to ask for.
    func ask(_ slot: Int, now: Duration) -> [String] {
        state.withLock { state in
            var classes = state.matching
            if !state.headStart.classes.isEmpty { classes.removeAll { state.headStart.withholds($0.id, now: now) } }
            return state.room.ask(slot, of: classes, now: now)
        }
    }

    /// More classes than this, and a slot asks for itself.
    private static let mostHanded = 8

    /// Whether a chunk of any of these classes may be handed out to a slot that waits: none needs room, and no other node suits one better.
    func mayBeHanded(_ classes: [String]) -> Bool {
        state.withLock { state in
            guard classes.count <= Self.mostHanded, state.headStart.classes.isEmpty else { return false }
            return state.matching.allSatisfy { $0.terms.requests.isEmpty || !classes.contains($0.id) }
        }
    }

    /// The slot runs an attempt of that Job, or none.
    /// - Returns: whether another slot should ask.
    func settle(_ slot: Int, _ job: Job?, now: Duration) -> Bool {
        let use = job.map { taken(by: PodRequests.total($0.spec.template.spec)) } ?? [:]
        return state.withLock { state in
            var wasKept = false
            if let job, state.room.kept != nil || !state.headStart.classes.isEmpty, let id = id(of: job, state) {
                state.headStart.given(id, now: now)
                wasKept = id == state.room.kept && state.room.keep(nil)
            }
            return state.room.settle(slot, use, of: state.matching) || wasKept
        }
    }

    /// The Job's class, as far as it is known.
    private func id(of job: Job, _ state: State) -> String? {
        var terms = PlacementTerms(job.spec.template)
        terms.requests = taken(by: terms.requests)
        return state.known.values.first { $0.terms == terms }?.id
    }

    /// There may be work that others suit better.
    /// - Returns: whether `beginTurn` is to be called after the head start that they get.
    func hear(now: Duration) -> Bool { state.withLock { $0.headStart.hear(now: now) } }

    func beginTurn(now: Duration) { state.withLock { $0.headStart.begin(now: now) } }

    /// Asks the store for whom to keep room, if somebody has waited long.
    /// - Returns: whether another slot should ask.
    func reserve(_ broker: any Broker, now: Duration) async throws(BrokerError) -> Bool {
        let late = state.withLock { $0.room.late(now: now) }
        guard !late.isEmpty || state.withLock({ $0.holdsReservation }) else { return false }
        let kept = try await broker.reserve(node: name, classes: late)
        return state.withLock { state in
            state.holdsReservation = kept != nil
            return state.room.keep(kept)
        }
    }

    /// What requests use up: where anything is taken, no more than there is.
    private func taken(by requests: [String: Quantity]) -> [String: Quantity] {
        guard takesAnything, !requests.isEmpty else { return requests }
        return requests.reduce(into: [:]) { use, one in use[one.key] = offer.capacity[one.key].map { min($0, one.value) } }
    }

    /// The node's NoExecute taints, and since when it has had just these, by its monotonic clock.
    var evicting: (taints: [Taint], since: Duration) { state.withLock { ($0.evicting, $0.evictingSince) } }

    /// What is free now, for a heartbeat.
    func free(slots: Int) -> [String: Quantity] {
        var free = state.withLock { $0.room.free }
        free["pods"] = Quantity(nanos: Int128(slots) * 1_000_000_000)
        return free
    }

    /// Whether it is long ago that it looked, by the node's monotonic clock.
    func isStale(_ now: Duration) -> Bool { state.withLock { $0.refreshed.map { now - $0 >= Self.longest } ?? true } }

    /// Hears of new classes and of what clients have written about the node.
    /// - Returns: whether it takes something that it did not take before.
    func refresh(_ broker: any Broker, now: Duration) async throws(BrokerError) -> Bool {
        var (epoch, number) = state.withLock { ($0.page.epoch, $0.page.number) }
        while true {
            let page = try await broker.classes(node: name, epoch: epoch, after: number)
            let hasMore = state.withLock { note(page, &$0, now) }
            if !page.isPart {
                state.withLock { $0.refreshed = now }
                try await weigh(broker)
                return hasMore
            }
            (epoch, number) = (page.epoch, page.number)
        }
    }

    /// Looks which classes other nodes suit better, if any class prefers some.
    private func weigh(_ broker: any Broker) async throws(BrokerError) {
        if takesAnything { return }
        let (matching, written) = state.withLock { ($0.matching, $0.page.written) }
        let node = PlacementNode(name: name, labels: labels, offer: offer, written: written)
        let choosy = matching.filter { Preference.matters($0.terms, node) }
        let others = choosy.isEmpty ? [] : try await broker.nodes().map(\.placement)
        let beaten = choosy.filter { Preference.isBeaten(node, by: others, for: $0.terms) }.map(\.id)
        state.withLock { $0.headStart.classes = Set(beaten) }
    }

    private func note(_ page: ClassPage, _ state: inout State, _ now: Duration) -> Bool {
        if page.epoch != state.page.epoch { state.known = ["": .none] }
        let isNews = page.epoch != state.page.epoch || page.written != state.page.written || !page.classes.isEmpty
        state.page = ClassPage(epoch: page.epoch, number: page.number, classes: [], isPart: page.isPart, written: page.written)
        if !isNews { return false }
        for one in page.classes {
            state.known[one.id] = one
            state.known[one.id]!.terms.requests = taken(by: one.terms.requests)
        }
        let node = PlacementNode(name: name, labels: labels, offer: offer, written: page.written), before = Set(state.matching.map(\.id))
        let evicting = takesAnything ? [] : node.taints.filter { $0.effect == "NoExecute" }
        if evicting != state.evicting { (state.evicting, state.evictingSince) = (evicting, now) }
        state.matching = state.known.values.filter { takesAnything || Placement.fits($0.terms, node) }.sorted { $0.id < $1.id }
        return state.matching.contains { !before.contains($0.id) }
    }
}
