/// What several rounds have measured.
struct Spread: Sendable, Equatable {
    /// Ascending.
    let values: [Double]

    /// nil where nothing was measured.
    init?(_ values: some Sequence<Double>) {
        self.values = values.sorted()
        if self.values.isEmpty { return nil }
    }

    var least: Double { values[0] }
    var most: Double { values[values.count - 1] }

    /// Of an even number of values the mean of the two in the middle.
    var median: Double {
        let middle = values.count / 2
        return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }
}
