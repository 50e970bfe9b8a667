import BatchAPI

@testable import KubernetesAPI

/// A letter for the kind of patch, the patch, a NUL and what it is applied to, or nothing for a Job.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPatches(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let parts = UnsafeBufferPointer(start: start, count: count).split(separator: 0, maxSplits: 1).map(Array.init)
    guard let first = parts.first, let kind = first.first, let patch = try? Value.parse(json: Array(first.dropFirst())) else { return 0 }
    let target = parts.count > 1 ? (try? Value.parse(json: parts[1])) ?? job : job
    switch kind {
    case UInt8(ascii: "m"): merge(patch, target)
    case UInt8(ascii: "s"): strategic(patch, target)
    case UInt8(ascii: "j"): reads(try? JSONPatch.apply(patch, to: target))
    case UInt8(ascii: "a"): apply(patch, target)
    default: break
    }
    return 0
}

private let job: Value = [
    "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "j", "labels": ["a": "b"], "finalizers": ["x", "y"]],
    "spec": [
        "parallelism": 2,
        "template": [
            "spec": [
                "restartPolicy": "Never", "containers": [["name": "c", "image": "i", "env": [["name": "A", "value": "1"]], "ports": [["containerPort": 80]]]],
                "tolerations": [["key": "k", "operator": "Exists"]],
            ]
        ],
    ],
]

/// What comes out can be written and read.
private func reads(_ value: Value?) {
    guard let value, let again = try? Value.parse(json: value.encodedBytes) else { return }
    if again != value { fatalError("reads as another value: \(value.encoded())") }
}

/// Merging twice is merging once.
private func merge(_ patch: Value, _ target: Value) {
    guard patch.object != nil else { return }
    let once = MergePatch.apply(patch, to: target)
    if MergePatch.apply(patch, to: once) != once { fatalError("a second merge changes \(once.encoded())") }
    reads(once)
}

private func strategic(_ patch: Value, _ target: Value) {
    guard patch.object != nil else { return }
    for kind in ["Job", "Pod", "ConfigMap"] { reads(try? StrategicMergePatch.apply(patch, to: target, as: .object(kind))) }
}

/// Who applies the same again changes nothing but, where nobody owned anything, who owns it.
private func apply(_ config: Value, _ live: Value) {
    let now = Timestamp(milliseconds: 0)
    func applied(to value: Value) -> Value? { try? Apply.apply(config, to: value, type: "Job", manager: "m", force: true, time: now) }
    guard config.object != nil, live.object != nil, let once = applied(to: live) else { return }
    reads(once)
    if let twice = applied(to: once), ManagedFields.without(twice) != ManagedFields.without(once) {
        fatalError("applying again makes \(twice.encoded()) of \(once.encoded())")
    }
}
