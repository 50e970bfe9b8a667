import BatchAPI

/// A namespace as it was seen so far, and the names given to its pods.
final class Sight {
    let world: any World
    let namespace: String
    /// By name; by uid.
    private(set) var jobs: [String: Value] = [:]
    private(set) var pods: [String: Value] = [:]
    private(set) var events: [Value] = []
    /// Pods made by the scenario.
    var own: Set<String> = []
    private(set) var alias: [String: String] = [:]
    private var unnamed: [String] = []
    private(set) var names: [String: String] = [:]
    private(set) var arrived: [String: Timestamp] = [:]
    private(set) var indexes: [String: String] = [:]
    /// Pods gone and states of the Job since the last look.
    var gone: [String] = []
    var trace: [String] = []
    /// When something was last seen to change.
    var changed: Timestamp

    init(world: any World, namespace: String) { (self.world, self.namespace, changed) = (world, namespace, world.now) }

    func path(_ base: String, _ resource: String) -> String { "\(base)/namespaces/\(namespace)/\(resource)" }

    /// Looks at everything.
    func look() async throws {
        try await lookAtJobs()
        try await lookAtPods()
        let list = try await items("/api/v1", "events")
        if list != events { (events, changed) = (list, world.now) }
    }

    private func items(_ base: String, _ resource: String) async throws -> [Value] {
        let reply = await world.send("GET", path(base, resource), nil, accept: "application/json")
        guard reply.code == 200, let items = reply.value["items"]?.array else { throw Stuck(description: "GET \(resource): \(reply.value)") }
        return items
    }

    private func lookAtJobs() async throws {
        var seen: [String: Value] = [:]
        for job in try await items("/apis/batch/v1", "jobs") { seen[job["metadata"]?["name"]?.string ?? ""] = job }
        if seen == jobs { return }
        (jobs, changed) = (seen, world.now)
        if let line = seen["j"].map(Trace.line), trace.last != line { trace.append(line) }
    }

    private func lookAtPods() async throws {
        var seen: [String: Value] = [:]
        for pod in try await items("/api/v1", "pods") {
            let metadata = pod["metadata"] ?? .null, uid = metadata["uid"]?.string ?? ""
            seen[uid] = pod
            indexes[uid] = metadata["annotations"]?[Labels.index]?.string
            if names[uid] != nil { continue }
            (names[uid], arrived[uid]) = (metadata["name"]?.string ?? "", world.now)
            unnamed.append(uid)
        }
        for uid in pods.keys.sorted() where seen[uid] == nil { gone.append(uid) }
        if seen != pods { (pods, changed) = (seen, world.now) }
    }

    /// Gives aliases to new pods, lowest index first. All that are there, in the order of their aliases.
    func namedPods() -> [(alias: String, pod: Value)] {
        let order = unnamed.enumerated().sorted { one, other in
            let (left, right) = (indexes[one.element].flatMap { Int($0) } ?? -1, indexes[other.element].flatMap { Int($0) } ?? -1)
            return (left, one.offset) < (right, other.offset)
        }
        for uid in order.map(\.element) {
            let name = names[uid] ?? "", count = alias.values.count { !own.contains($0) }
            alias[uid] = own.contains(name) ? name : "p\(count + 1)"
        }
        unnamed = []
        return pods.map { (alias[$0.key] ?? "", $0.value) }.sorted { Alias.precedes($0.0, $1.0) }
    }

    /// Kind, reason, message and count of a Job's events, sorted.
    func eventCounts(of name: String) -> [Value] {
        var counts: [[String]: Int] = [:]
        for event in events where event["involvedObject"]?["kind"]?.string == "Job" && event["involvedObject"]?["name"]?.string == name {
            let key = [event["type"]?.string ?? "", event["reason"]?.string ?? "", mask(event["message"]?.string ?? "")]
            counts[key, default: 0] += event["count"]?.int ?? 1
        }
        return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { .array($0.key.map { .string($0) } + [.int(Int64($0.value))]) }
    }

    /// A text without what differs from run to run.
    func mask(_ text: String) -> String {
        var text = text
        for name in Set(names.values).subtracting(own).sorted(by: { $0.count > $1.count }) { text = text.replacing(name, with: "<pod>") }
        text = text.replacing(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/, with: "<uid>")
        return text.replacing(namespace, with: "<ns>")
    }

    /// The values at paths of an object, masked.
    func fields(_ object: Value, _ paths: [String]) -> Value {
        var found: [String: Value] = [:]
        for path in paths {
            guard let value = object.at(path: path), !value.isNull else { continue }
            found[path] = try? Value.parse(json: Array(mask(value.encoded()).utf8))
        }
        return .object(found)
    }
}

enum Labels {
    static let index = "batch.kubernetes.io/job-completion-index"
    static let tracking = "batch.kubernetes.io/job-tracking"
    static let failureCount = "batch.kubernetes.io/job-index-failure-count"
    static let ignoredCount = "batch.kubernetes.io/job-index-ignored-failure-count"
}

/// p1, p2 ... p10 in this order.
enum Alias {
    static func precedes(_ left: String, _ right: String) -> Bool { key(left) < key(right) }

    private static func key(_ alias: String) -> (String, Int) {
        let digits = alias.reversed().prefix { $0.isNumber }.reversed()
        return (String(alias.dropLast(digits.count)), Int(String(digits)) ?? 0)
    }

    /// Pods made by the controller are interchangeable; those made by the scenario keep their names.
    static func bare(_ alias: String) -> String { alias.replacing(/^p\d+/, with: "pod") }
}
