/// A run of coordinators and workers, the very code that ships, on virtual time over a store that is made to fail. The seed decides
/// everything: the same seed gives the same trace.
public enum Simulation {
    /// How a run went.
    public struct Outcome: Sendable {
        public var seed: UInt64
        /// The first invariant that did not hold, and how; nil if all did.
        public var violation: String?
        /// Calls that reached the store; the checkers looked after each.
        public var steps: Int
        /// Of all that happened.
        public var hash: UInt64
        /// A line each; empty unless it was asked for.
        public var trace: [String]
        /// How long it took, in the run's own time.
        public var time: Duration
    }

    /// Runs one plan, and closes the store.
    public static func run(_ plan: Plan, on store: any SimulatedStore, keepsTrace: Bool = false) -> Outcome {
        let world = World(plan, store, keepsTrace: keepsTrace)
        world.run()
        store.close()
        return Outcome(
            seed: plan.seed, violation: world.truth.violation, steps: world.network.steps, hash: world.truth.hash, trace: world.truth.trace,
            time: world.universe.now)
    }

    /// The smallest part of a failing plan that still breaks the same rule: without noise if it can be, with as few events as can be.
    /// - Parameter makeStore: a fresh store for each try.
    public static func shrink(seed: UInt64, violation: String, makeStore: () -> any SimulatedStore) -> (plan: Plan, keeping: [Int], isQuiet: Bool) {
        let rule = violation.prefix { $0 != ":" }
        func breaks(_ keeping: Set<Int>, _ isQuiet: Bool) -> Bool {
            run(Plan(seed: seed, keeping: keeping, quiet: isQuiet), on: makeStore()).violation?.hasPrefix(rule) ?? false
        }
        var keeping = Set(0..<Plan.eventCount(seed: seed))
        let isQuiet = breaks(keeping, true)
        for number in keeping.sorted() where breaks(keeping.subtracting([number]), isQuiet) { keeping.remove(number) }
        return (Plan(seed: seed, keeping: keeping, quiet: isQuiet), keeping.sorted(), isQuiet)
    }
}
