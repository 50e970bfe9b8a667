import Broker

/// Items with payloads: Items and Push.
extension MemoryLedger {
    static let mostBytes = 268_435_456, leaseBytes = 262_144

    static let mostResultBytes = 67_108_864
    var resultBytes: Int { results.reduce(0) { $0 + $1.count } }
    var slabBytes: Int { slabs.values.reduce(0) { $0 + $1.bytes.count } }

    private func slabNumbers(_ items: ClosedRange<Int>) -> ClosedRange<Int> { items.lowerBound / slabSize...items.upperBound / slabSize }

    /// The payloads of a range, packed.
    func payloads(_ items: ClosedRange<Int>?) -> [UInt8] {
        guard takesItems, let items else { return [] }
        return slabNumbers(items).flatMap { number -> ArraySlice<UInt8> in
            guard let slab = slabs[number] else { return [] }
            let first = number * slabSize
            return slab[max(items.lowerBound - first, 0)..<min(items.upperBound - first + 1, slab.count)]
        }
    }

    /// How many of the items from `first` on fit in a lease.
    func fitting(_ first: Int, _ wanted: Int) -> Int {
        if !takesItems { return wanted }
        var bytes = 0, number = first / slabSize
        while number * slabSize < first + wanted {
            bytes += slabs[number]?.bytes.count ?? 0
            if bytes > Self.leaseBytes || number * slabSize >= first + 500 * slabSize { return max(1, min(wanted, number * slabSize - first)) }
            number += 1
        }
        return wanted
    }

    /// Items have ended for good: slabs of which nothing will run again go.
    func free(_ items: ClosedRange<Int>?) {
        guard takesItems, let items, let completions else { return }
        for number in slabNumbers(items) where !isOpen || (number + 1) * slabSize <= completions {
            let slab = number * slabSize..<min((number + 1) * slabSize, completions)
            if slab.allSatisfy({ done.contains($0) || bad.contains($0) }) { slabs[number] = nil }
        }
    }
}

extension MemoryBroker {
    public func push(_ push: ItemPush) async throws(BrokerError) -> PushReply {
        guard let ledger = ledgers[push.job], !ledger.isDeleted else { throw BrokerError(.notFound, "GONE no such job") }
        guard ledger.takesItems, let completions = ledger.completions else { throw BrokerError(.unusable, "UNUSABLE the job takes no items") }
        let result = check(push, ledger, completions)
        if result == nil { take(push, ledger) }
        return PushReply(result: result ?? .taken, count: ledger.completions ?? 0, slab: ledger.slabSize)
    }

    /// nil: the items are to be taken.
    private func check(_ push: ItemPush, _ ledger: MemoryLedger, _ completions: Int) -> PushReply.Result? {
        let count = push.items.count
        let isThere = push.first + count <= completions && (count > 0 || !ledger.isOpen)
        if isThere, count == 0 || push.pusher.isEmpty || ledger.pushers[push.pusher] == push.first { return .had }
        if ledger.isEnded { return .ended }
        if !ledger.isOpen { return .closed }
        if push.first != completions { return .gap }
        if count == 0 { return nil }
        if ledger.slabSize == 0 { ledger.slabSize = push.slab }
        if ledger.slabSize != push.slab { return .gap }
        return ledger.slabBytes >= MemoryLedger.mostBytes ? .full : nil
    }

    public func results(job: String, from batch: Int) async throws(BrokerError) -> ResultPage {
        guard let ledger = ledgers[job], !ledger.isDeleted else { throw BrokerError(.notFound, "GONE no such job") }
        let wasFull = ledger.resultBytes >= MemoryLedger.mostResultBytes
        let count = max(0, min(batch - ledger.resultBase, 500, ledger.results.count))
        ledger.results.removeFirst(count)
        ledger.resultBase += count
        if wasFull { offer(ledger) }
        var bytes = 0, batches: [[UInt8]] = []
        for batch in ledger.results.prefix(64) {
            if !batches.isEmpty, bytes + batch.count > 1 << 20 { break }
            batches.append(batch)
            bytes += batch.count
        }
        return ResultPage(first: ledger.resultBase, batches: batches)
    }

    private func take(_ push: ItemPush, _ ledger: MemoryLedger) {
        for range in push.items.slabs(of: push.slab, from: push.first) {
            var reader = PackedReader(Array(push.items[range]))
            while let item = reader.next() { ledger.slabs[(push.first + range.lowerBound) / push.slab, default: PackedItems()].append(item) }
        }
        if push.items.count > 0 {
            if !push.pusher.isEmpty { ledger.pushers[push.pusher] = push.first }
            ledger.completions = push.first + push.items.count
            handOut(ledger)
            markDirty(ledger)
            offer(ledger)
        }
        guard push.isLast else { return }
        ledger.isOpen = false
        lookSoon(ledger)
    }
}
