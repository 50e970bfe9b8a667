@testable import BatchAPI

/// Any two texts, parted by `|`, as index ranges of a Job with as many completions as the first byte says.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIntervals(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let first = bytes.first else { return 0 }
    let completions = completions(first)
    let texts = bytes.dropFirst().split(separator: UInt8(ascii: "|"), maxSplits: 1, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    let sets = texts.map { check($0, completions) }
    if sets.count == 2 { compare(sets[0], sets[1]) }
    write(texts[0], texts.count > 1 ? texts[1] : nil, completions)
    return 0
}

/// Small numbers mostly, and the ends of what a field or an integer holds.
private func completions(_ byte: UInt8) -> Int {
    switch byte {
    case 255: Int.max
    case 254: Int(Int32.max)
    case 253: -1
    case 252: Int.min
    default: Int(byte)
    }
}

private func check(_ text: String, _ completions: Int) -> IndexRanges {
    let lenient = IndexRanges(lenient: text, completions: completions)
    isOrdered(lenient, below: completions)
    guard (try? IndexRanges(strict: lenient.text, completions: completions)) == lenient else { fatalError("\(lenient.text) is not read back") }
    if let strict = try? IndexRanges(strict: text, completions: completions) {
        isOrdered(strict, below: completions)
        if strict != lenient { fatalError("strictly \(strict.text), leniently \(lenient.text): \(text)") }
    }
    if IndexRanges(ranges: lenient.ranges.reversed()) != lenient { fatalError("the order of ranges matters: \(lenient.text)") }
    return lenient
}

private func isOrdered(_ set: IndexRanges, below completions: Int) {
    var previous = -2
    for range in set.ranges {
        if range.lowerBound < 0 || range.lowerBound <= previous + 1 || range.upperBound >= completions { fatalError("out of order: \(set.ranges)") }
        previous = range.upperBound
    }
    if set.isEmpty != (set.count == 0) { fatalError("a count of \(set.count): \(set.ranges)") }
}

/// Sets against what their members say.
private func compare(_ left: IndexRanges, _ right: IndexRanges) {
    let rest = left.subtracting(right)
    if rest.firstOverlap(with: right) != nil { fatalError("\(left.text) without \(right.text) is \(rest.text)") }
    guard let last = left.ranges.last?.upperBound, last < 256 else { return }
    let common = (0...last).filter { left.contains($0) && right.contains($0) }
    if left.firstOverlap(with: right) != common.first { fatalError("\(left.text) and \(right.text) do not first meet at \(common)") }
    if rest != IndexRanges((0...last).filter { left.contains($0) && !right.contains($0) }) {
        fatalError("\(left.text) without \(right.text) is not \(rest.text)")
    }
}

/// A status write of both texts.
private func write(_ completed: String, _ failed: String?, _ completions: Int) {
    var spec: Value = ["completionMode": "Indexed", "completions": .int(Int64(completions)), "backoffLimitPerIndex": 1]
    if failed == nil { spec["backoffLimitPerIndex"] = nil }
    var status: Value = ["completedIndexes": .string(completed)]
    status["failedIndexes"] = failed.map { .string($0) }
    let old = Job(["spec": spec]), new = Job(["spec": spec, "status": status])
    let errors = JobStatusValidation.validate(old: old, new: new)
    if errors.isEmpty, (try? IndexRanges(strict: completed, completions: completions)) == nil { fatalError("accepted: \(completed)") }
    if !JobStatusValidation.validate(old: new, new: new).isEmpty { fatalError("a status that stays is refused") }
    _ = JobStatusValidation.validate(old: new, new: old)
}
