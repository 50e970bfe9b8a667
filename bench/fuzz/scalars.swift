@testable import BatchAPI

/// Any text as an amount, a time, a name, a label selector and a field path.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzScalars(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let text = String(decoding: bytes, as: UTF8.self)
    quantity(text)
    time(text)
    moment(bytes)
    names(text)
    selector(Array(bytes))
    return 0
}

/// An amount is what its canonical text says, and that text stays.
private func quantity(_ text: String) {
    guard let quantity = try? Quantity(text) else { return }
    guard let again = try? Quantity(quantity.text) else { fatalError("\(text) is written as \(quantity.text), which can't be read") }
    if again != quantity || again.text != quantity.text { fatalError("\(text): \(quantity.text), \(again.text)") }
    if quantity.nanos.magnitude > UInt128(Int64.max) * 1_000_000_000 { fatalError("\(text) is not cut") }
    _ = (quantity.wholeUnits, quantity.milliUnits)
}

private func time(_ text: String) {
    guard let time = Timestamp(rfc3339: text) else { return }
    // An offset may lead out of the four digits of a year.
    guard (-62_167_219_200_000...253_402_300_799_999).contains(time.milliseconds) else { return }
    if Timestamp(rfc3339: time.rfc3339Micro) != time { fatalError("\(text) is written as \(time.rfc3339Micro)") }
    if Timestamp(rfc3339: time.rfc3339) != time.wholeSecond { fatalError("\(text) is written as \(time.rfc3339)") }
}

/// Two moments of any bits.
private func moment(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count >= 16 else { return }
    let raw = UnsafeRawBufferPointer(bytes)
    let first = Timestamp(milliseconds: raw.loadUnaligned(as: Int64.self))
    let second = Timestamp(milliseconds: raw.loadUnaligned(fromByteOffset: 8, as: Int64.self))
    _ = (first.rfc3339, first.wholeSecond.rfc3339Micro, second.adding(milliseconds: first.milliseconds))
    let (_, overflows) = first.milliseconds.subtractingReportingOverflow(second.milliseconds)
    if !overflows, second.advanced(by: first - second) != first { fatalError("\(second.milliseconds) to \(first.milliseconds)") }
}

private func names(_ text: String) {
    _ = (NameRules.dnsLabel(text), NameRules.dnsSubdomain(text), NameRules.qualifiedName(text), NameRules.labelValue(text))
    _ = (NameRules.envVarName(text), FieldPath.steps(text))
    for isPlain in [true, false] { _ = YAMLScalars.resolve(text, isPlain: isPlain, tag: nil)?.encodedBytes }
    for tag in ["str", "int", "float", "bool", "null"] { _ = YAMLScalars.resolve(text, isPlain: true, tag: "tag:yaml.org,2002:" + tag) }
}

/// A selector does not depend on labels that it does not name.
private func selector(_ json: [UInt8]) {
    guard let value = try? Value.parse(json: json), let selector = LabelSelector(value) else { return }
    var labels = value["matchLabels"]?.stringMap ?? [:]
    let matches = selector.matches(labels)
    labels[selector.requirements.map(\.key).joined() + "x"] = ""
    if selector.matches(labels) != matches { fatalError("matching depends on a foreign label") }
    if selector.requirements.isEmpty, !selector.matches([:]) { fatalError("without requirements, nothing matches") }
}
