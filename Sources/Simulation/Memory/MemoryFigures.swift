import Broker

extension MemoryBroker: FigureStore {
    public func figures() async throws(BrokerError) -> StoreFigures {
        var figures = StoreFigures()
        figures.counts = counts
        for ledger in ledgers.values where isShown(ledger) { add(ledger, to: &figures) }
        (figures.levels[.agenda], figures.levels[.nodes]) = (due.count, members.count)
        return figures
    }

    private func isShown(_ ledger: MemoryLedger) -> Bool {
        paths[MemoryPath(namespace: ledger.job.metadata.namespace, name: ledger.job.metadata.name)] == ledger.uid
    }

    private func add(_ ledger: MemoryLedger, to figures: inout StoreFigures) {
        figures.gates[ledger.gate, default: 0] += 1
        figures.add(ledger.active, to: .active)
        figures.add(ledger.ready, to: .ready)
        figures.add(ledger.terminating, to: .terminating)
        figures.add(ledger.succeeded, to: .done)
        figures.add(ledger.undecided, to: .held)
        figures.add(ledger.bad.count, to: .failed)
        guard let completions = ledger.completions, !ledger.isEnded, !ledger.isDeleted else { return }
        figures.add(max(0, completions - ledger.succeeded - ledger.bad.count - ledger.active - ledger.undecided), to: .waiting)
        figures.add(ledger.waiting.count, to: .delayed)
    }

    func count(_ event: StoreFigures.Count, _ number: Int = 1) { counts[event, default: 0] += number }

    /// A pod was made for an attempt (R112).
    func countPod(_ ledger: MemoryLedger) {
        if ledger.replacesOnlyFailed, ledger.failed > 0 { return count(.podsFailed) }
        count(ledger.failed + ledger.terminating > 0 ? .podsAgain : .podsNew)
    }
}

extension StoreFigures.Count {
    /// Of a report that was taken.
    init(_ result: Report.Result) {
        switch result {
        case .succeeded: self = .succeeded
        case .failed: self = .failed
        case .released: self = .released
        }
    }
}
