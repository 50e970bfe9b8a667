import BatchAPI
import Simulation

/// Changes one place of an object: takes it out, doubles it, or puts something else there.
struct ValueMutator {
    private static let leaves: [Value] = [
        .null, true, false, 0, 1, -1, 2, 100_000, .int(.max), .int(.min), 2_147_483_647, 2_147_483_648, .double(1.5), .double(1e300), .double(-0.0), "", "a", "x y",
        "\u{0}", "é\u{301}💥", "1", "-1", "1e3", "100m", "1Ki", "99999999999999999999E", "2026-11-23T10:00:00Z", "9999-99-99T99:99:99Z", "Never", "OnFailure",
        "Always", "Indexed", "NonIndexed", "Failed", "TerminatingOrFailed", "$(A)", "../..", "/", "True", "Complete", "SuccessCriteriaMet", .array([]), .object([:]),
        [1], ["a"], [.null], ["a": 1], [["name": "c"]], "0-4", "0,2-99999999999999999999", "5-1", "kubernetes.io/job-controller", "example.com/x", "foregroundDeletion",
        "orphan", "batch.kubernetes.io/job-tracking",
    ]
    private static let keys = [
        "name", "spec", "status", "metadata", "template", "containers", "parallelism", "completions", "suspend", "labels", "annotations", "finalizers",
        "ownerReferences", "resourceVersion", "uid", "managedFields", "generateName", "deletionTimestamp", "conditions", "succeeded", "failed", "active", "ready",
        "completedIndexes", "failedIndexes", "startTime", "completionTime", "uncountedTerminatedPods", "terminating", "phase", "containerStatuses", "nodeName",
        "backoffLimitPerIndex", "completionMode", "podFailurePolicy", "successPolicy", "selector", "manualSelector", "schedulerName", "x", "",
    ]

    func leaf(_ random: inout SplitMix) -> Value {
        switch Int.random(in: 0..<200, using: &random) {
        case 0: .string(String(repeating: "x", count: 300_000))
        case 1: (0..<600).reduce(Value.int(1)) { value, _ in [value] }
        case 2: .array((0..<20_000).map { .int(Int64($0)) })
        case 3: .object(Dictionary(uniqueKeysWithValues: (0..<5000).map { ("k\($0)", Value.string("v")) }))
        default: Self.leaves[Int.random(in: Self.leaves.indices, using: &random)]
        }
    }

    func mutate(_ value: Value, _ random: inout SplitMix, depth: Int = 0) -> Value {
        let goesDeeper = Int.random(in: 0..<100, using: &random) < 85
        switch value {
        case .object(var members) where goesDeeper && !members.isEmpty:
            let names = members.keys.sorted(), name = names[Int.random(in: names.indices, using: &random)]
            switch Int.random(in: 0..<12, using: &random) {
            case 0: members[name] = nil
            case 1: members[Self.keys[Int.random(in: Self.keys.indices, using: &random)]] = leaf(&random)
            case 2: members[Self.keys[Int.random(in: Self.keys.indices, using: &random)]] = members[name]
            default: members[name] = mutate(members[name]!, &random, depth: depth + 1)
            }
            return .object(members)
        case .array(var elements) where goesDeeper && !elements.isEmpty:
            let place = Int.random(in: elements.indices, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: elements.remove(at: place)
            case 1: elements.append(elements[place])
            default: elements[place] = mutate(elements[place], &random, depth: depth + 1)
            }
            return .array(elements)
        default: return leaf(&random)
        }
    }
}
