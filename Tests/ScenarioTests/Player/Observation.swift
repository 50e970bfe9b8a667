import BatchAPI

/// What can be seen now, and what happened since the last look.
struct Observation {
    let sight: Sight
    let player: Player

    func value(_ step: ScenarioFile.Step) async throws -> Value {
        let named = sight.namedPods(), job = sight.jobs["j"]
        var seen: [String: Value] = ["job": job.map { show(job: $0, step.show["job"]?.strings ?? [], start: player.start) } ?? "gone"]
        if let start = job?["status"]?["startTime"] { player.start = start }
        var grouped: [(pod: Value, aliases: [String])] = []
        for (alias, pod) in named {
            let shown = show(pod: pod, job?["metadata"]?["uid"], step.show["pods"]?.strings ?? [])
            if let at = grouped.firstIndex(where: { $0.pod == shown }) { grouped[at].aliases.append(alias) } else { grouped.append((shown, [alias])) }
        }
        seen["pods"] = .object(Dictionary(grouped.map { ($0.aliases.joined(separator: " "), $0.pod) }, uniquingKeysWith: { $1 }))
        seen["events"] = .array(sight.eventCounts(of: "j"))
        seen["jobs"] = .object(
            Dictionary(sight.jobs.filter { $0.key != "j" }.map { (sight.mask($0.key), show(job: $0.value, [], start: nil)) }, uniquingKeysWith: { $1 }))
        if sight.trace.count > 1 { seen["trace"] = .strings(sight.trace) }
        seen["warnings"] = .strings(Set(player.warnings).sorted())
        let created = sight.alias.keys.filter { !player.known.contains($0) }.sorted { Alias.precedes(sight.alias[$0]!, sight.alias[$1]!) }
        seen["created"] = .strings(created.map(called))
        seen["removed"] = .strings(sight.gone.map(called).sorted(by: Alias.precedes))
        if step.options["delay"] != nil {
            let after = created.map { (called($0), Value.int(sight.arrived[$0]!.milliseconds - player.finishBefore($0))) }
            seen["created_after_ms"] = .object(Dictionary(after, uniquingKeysWith: { $1 }))
        }
        player.known.formUnion(created)
        (sight.trace, sight.gone) = ([], [])
        var shown: [String: Value] = [:]
        for (name, paths) in step.show.object ?? [:] where name.contains("/") { shown[name] = try await player.look(name, paths.strings) }
        seen["shown"] = .object(shown)
        return .object(seen.filter { !$0.value.isBlank || ["pods", "events"].contains($0.key) })
    }

    private func called(_ uid: String) -> String {
        (sight.alias[uid] ?? "") + (sight.indexes[uid].map { "@\($0)" } ?? "")
    }

    private func show(job: Value, _ paths: [String], start before: Value?) -> Value {
        let metadata = job["metadata"] ?? .null, status = job["status"] ?? .null
        var seen: [String: Value] = [:]
        for key in ["active", "ready", "terminating", "succeeded", "failed", "completedIndexes", "failedIndexes"] {
            if let value = status[key], !value.isNull { seen[key] = value }
        }
        let uncounted = (status["uncountedTerminatedPods"]?.object ?? [:]).compactMapValues { list -> Value? in
            list.array.flatMap { $0.isEmpty ? nil : .int(Int64($0.count)) }
        }
        if !uncounted.isEmpty { seen["uncounted"] = .object(uncounted) }
        if let start = status["startTime"] { seen["startTime"] = before != nil && before != start ? "moved" : "set" }
        if status["completionTime"] != nil { seen["completionTime"] = "set" }
        var shown: [String: Value] = ["status": .object(seen), "generation": metadata["generation"] ?? .null]
        let conditions = (status["conditions"]?.array ?? []).map { condition -> Value in
            let parts = ["type", "status", "reason"].map { condition[$0] ?? "" }
            return .array(parts + [.string(sight.mask(condition["message"]?.string ?? ""))])
        }
        shown["conditions"] = .array(conditions)
        shown["finalizers"] = metadata["finalizers"]
        shown["deleting"] = .bool(metadata["deletionTimestamp"] != nil)
        shown["shown"] = sight.fields(job, paths)
        return .object(shown.filter { !$0.value.isBlank || $0.key == "status" })
    }

    private func show(pod: Value, _ job: Value?, _ paths: [String]) -> Value {
        let metadata = pod["metadata"] ?? .null, notes = metadata["annotations"]
        let owners = (metadata["ownerReferences"]?.array ?? []).filter { $0["controller"]?.bool == true }.map { $0["uid"] }
        var shown: [String: Value] = [:]
        shown["index"] = notes?[Labels.index]
        shown["phase"] = pod["status"]?["phase"]
        shown["deleting"] = .bool(metadata["deletionTimestamp"] != nil)
        shown["tracked"] = .bool(metadata["finalizers"]?.strings.contains(Labels.tracking) ?? false)
        shown["owned"] = .bool(job != nil && owners.contains(job))
        shown["failureCount"] = notes?[Labels.failureCount]
        shown["ignoredCount"] = notes?[Labels.ignoredCount]
        shown["hostname"] = pod["spec"]?["hostname"]
        shown["shown"] = sight.fields(pod, paths)
        return .object(shown.filter { !$0.value.isBlank })
    }
}

extension Value {
    /// Null, false, zero or empty.
    var isBlank: Bool {
        switch self {
        case .null, .bool(false), .int(0), .string(""): true
        case .array(let list): list.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
