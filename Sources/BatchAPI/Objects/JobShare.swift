/// How a Job shares the workers with others that have work at the same time.
public struct JobShare: Sendable, Hashable {
    /// Of a Job's metadata: its weight, 1 where there is none.
    public static let annotation = "drover.dev/weight"
    static let weights = 0.01...100.0

    /// Jobs of one priority are granted items in proportion to their weights.
    public var weight: Double
    /// Those of a higher one go strictly first.
    public var priority: Int

    /// A weight that can't be read counts as 1.
    public init(_ job: Job) {
        weight = job.metadata.annotations[Self.annotation].flatMap { Self.weight($0) } ?? 1
        priority = job.spec.template.spec.effectivePriority
    }

    /// By so much an item moves the Job's virtual time on.
    public var stride: Double { 10_000 / weight }

    /// A decimal number from 0.01 to 100; nil if the text is none.
    static func weight(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: ".") }) else { return nil }
        return Double(text).flatMap { weights.contains($0) ? $0 : nil }
    }
}

extension Job {
    public var share: JobShare { JobShare(self) }
}

extension PodSpec {
    /// `priority`, else that of one of the two classes that every cluster has, else 0.
    var effectivePriority: Int {
        let classes = ["system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000]
        let number = raw["priority"]?.int ?? classes[priorityClassName ?? ""] ?? 0
        return min(max(number, Int(Int32.min)), Int(Int32.max))
    }
}
