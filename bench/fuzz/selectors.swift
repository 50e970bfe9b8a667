import BatchAPI

@testable import KubernetesAPI

/// Any text as the label selector and as the field selector of a list.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSelectors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    labels(text)
    fields(text)
    return 0
}

/// A selector does not depend on labels that it does not name, and none matches both a value and its lack where it wants either.
private func labels(_ text: String) {
    guard let selector = try? LabelSelectorText.parse(text) else { return }
    var labels: [String: String] = [:]
    for requirement in selector.requirements { labels[requirement.key] = requirement.values.first ?? "" }
    let matches = selector.matches(labels)
    labels[selector.requirements.map(\.key).joined() + "x"] = ""
    if selector.matches(labels) != matches { fatalError("matching depends on a foreign label: \(text)") }
    guard let again = try? LabelSelectorText.parse(" " + text + " ") else { fatalError("spaces around it matter: \(text)") }
    if again.matches(labels) != matches { fatalError("spaces around it change it: \(text)") }
}

private let pod: Value = [
    "metadata": ["name": "p", "namespace": "default"], "spec": ["nodeName": "n", "restartPolicy": "Never"],
    "status": ["phase": "Running", "podIP": "10.0.0.1"],
]

private func fields(_ text: String) {
    check(try? FieldSelector.jobs(text), text)
    check(try? FieldSelector.pods(text), text)
    check(try? FieldSelector.events(text), text)
    check(try? FieldSelector.newEvents(text), text)
    check(try? FieldSelector.plain(text), text)
}

private func check(_ selector: FieldSelector?, _ text: String) {
    guard let selector else { return }
    if selector.matches(pod) != selector.matches(pod) { fatalError("matches by chance: \(text)") }
}
