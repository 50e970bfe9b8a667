import Broker

/// Asks a container again and again how it is.
struct Prober {
    let plan: ProbePlan
    let time: any Timekeeper
    /// One question; false also when its time is up.
    let ask: @Sendable () async -> Bool

    /// Goes on until cancelled, or until `heed` says that it has heard enough: it is told each answer that was given as often in a row as it has to be.
    func run(_ heed: (Bool) async -> Bool) async {
        guard (try? await time.sleep(for: plan.delay)) != nil else { return }
        var last: Bool?, count = 0
        while !Task.isCancelled {
            let answer = await ask()
            if Task.isCancelled { return }
            (count, last) = (answer == last ? count + 1 : 1, answer)
            if count >= (answer ? plan.successes : plan.failures), await !heed(answer) { return }
            guard (try? await time.sleep(for: plan.period)) != nil else { return }
        }
    }
}
