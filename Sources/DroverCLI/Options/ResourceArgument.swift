import BatchAPI

/// A resource that a worker offers: `example.com/name=2`, or with the ids of its units, `example.com/name=a,b`; `=7,` is one unit of the id 7.
/// Of a resource in whole units that is given as a number, the ids are 0, 1, 2 ...
struct ResourceArgument {
    let name: String
    let amount: Quantity
    let ids: [String]
    private static let limit = 1024

    /// nil if it is neither.
    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
        guard parts.count == 2, parts[0].contains("/") || parts[0] == "ephemeral-storage" || parts[0].hasPrefix("hugepages-") else { return nil }
        name = parts[0]
        if let amount = try? Quantity(parts[1]) {
            guard amount.nanos >= 0 else { return nil }
            self.amount = amount
            let isCounted = name.contains("/") && amount.wholeUnits <= Self.limit
            ids = isCounted ? (0..<Int(amount.wholeUnits)).map { String($0) } : []
        } else {
            ids = parts[1].split(separator: ",").map { String($0) }
            guard !ids.isEmpty, Set(ids).count == ids.count else { return nil }
            amount = Quantity(nanos: Int128(ids.count) * 1_000_000_000)
        }
    }
}
