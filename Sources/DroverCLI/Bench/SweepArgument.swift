import ArgumentParser

/// Values of a flag that may name several, with commas between.
enum SweepArgument {
    /// Whole numbers; `10k`, `1.5M` and `1e8` are some.
    static func numbers(_ text: String, _ flag: String, _ range: ClosedRange<Int>) throws(ValidationError) -> [Int] {
        var numbers: [Int] = []
        for part in try parts(text, flag) {
            guard let number = number(part), range.contains(number) else {
                throw ValidationError("\(flag) \(text): \(part) is no whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            numbers.append(number)
        }
        return numbers
    }

    static func workloads(_ text: String, _ flag: String) throws(ValidationError) -> [BenchWorkload] {
        var workloads: [BenchWorkload] = []
        for part in try parts(text, flag) {
            guard let workload = BenchWorkload(rawValue: part) else {
                let known = BenchWorkload.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("\(flag) \(text): there is no workload \(part), only \(known)")
            }
            workloads.append(workload)
        }
        return workloads
    }

    static func number(_ text: String) -> Int? {
        let units: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9]
        let unit = text.last.flatMap { units[$0] }
        guard text.first?.isNumber == true, !text.contains("x"), let value = Double(unit == nil ? text : String(text.dropLast())) else { return nil }
        return Int(exactly: value * (unit ?? 1))
    }

    private static func parts(_ text: String, _ flag: String) throws(ValidationError) -> [String] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        if Set(parts).count < parts.count { throw ValidationError("\(flag) \(text): a value is there twice") }
        return parts
    }
}
