import BatchAPI

/// Plays one scenario.
final class Player {
    let sight: Sight
    var world: any World { sight.world }
    var warnings: [String] = []
    /// Pods that an observation has shown.
    var known: Set<String> = []
    var start: Value?
    private var chosen: Set<String> = []
    private var picked: [Value] = []
    /// By index ("" without one): the time of the latest finish, in whole seconds.
    private var finishes: [String: Timestamp] = [:]

    init(_ sight: Sight) { self.sight = sight }

    func finishBefore(_ uid: String) -> Int64 {
        (finishes[sight.indexes[uid] ?? ""] ?? finishes.values.max() ?? sight.arrived[uid]!).milliseconds
    }

    /// Plays a step. What was answered to the actions that must be refused, in order, and what was seen then.
    func play(_ step: ScenarioFile.Step) async throws -> (refusals: [Value], then: Value) {
        (chosen, warnings) = ([], [])
        var refusals: [Value] = []
        for (at, action) in step.actions.enumerated() where action["expect"] == nil {
            let isRefused = at + 1 < step.actions.count && step.actions[at + 1]["expect"] != nil
            do {
                try await act(action)
                if isRefused { refusals.append(["code": 200]) }
            } catch let refusal as Refusal {
                guard isRefused else { throw Stuck(description: "\(action.encoded()) was refused: \(refusal.reply.code) \(refusal.reply.value)") }
                refusals.append(refusal.value(sight))
            }
            try await sight.look()
            // The outcomes that a step brings about together are seen together.
            if at + 1 == step.actions.count || action["wait"] != nil { try await pass(seconds: 0) }
        }
        if let seconds = step.options["settle"]?.number { try await pass(seconds: seconds) } else {
            try await settle(step.options["quiet"]?.number ?? 2.5)
        }
        return (refusals, try await Observation(sight: sight, player: self).value(step))
    }

    private func pass(seconds: Double) async throws {
        try await world.advance(to: world.now.adding(milliseconds: Int64(seconds * 1000))) { try await sight.look() }
        try await sight.look()
    }

    /// Until nothing has changed for some time.
    private func settle(_ quiet: Double) async throws {
        sight.changed = world.now
        let end = world.now.advanced(by: .seconds(120))
        while true {
            let left = Int64(quiet * 1000) - (world.now.milliseconds - sight.changed.milliseconds)
            if left <= 0 { return }
            if world.now > end { throw Stuck(description: "does not settle") }
            try await pass(seconds: Double(left) / 1000)
        }
    }

    func send(_ method: String, _ path: String, _ body: Value? = nil) async throws -> Value {
        let reply = await world.send(method, path, body, accept: "application/json")
        if reply.code >= 300 { throw Refusal(reply: reply) }
        warnings += reply.warnings.map(sight.mask)
        return reply.value
    }

    /// The path of an object such as jobs/j, or of a collection.
    func target(_ name: String) throws -> String {
        let resource = String(name.prefix { $0.isLetter })
        guard let base = Kinds.bases[resource] else { throw Stuck(description: "unknown resource \(resource)") }
        return sight.path(base, name.hasSuffix("/") ? String(name.dropLast()) : name)
    }

    private func act(_ action: Value) async throws {
        if let seconds = action["wait"]?.number { return try await pass(seconds: seconds) }
        if let made = action["create"] { return try await create(made) }
        if let wanted = action["pods"] {
            for pod in try pick(wanted) {
                try await PodAction(player: self, pod: pod, action: action).play { self.finishes[$0] = $1.wholeSecond }
            }
            return
        }
        let labels = action["labels"]?.string.map { "?labelSelector=" + $0.replacing("=", with: "%3D").replacing(",", with: "%2C") } ?? ""
        try await act(action, on: target(action["object"]?.string ?? "jobs/j") + labels)
    }

    func act(_ action: Value, on path: String) async throws {
        if let change = action["patch"] {
            _ = try await send("PATCH", path, fillIn(change))
        } else if let change = action["patch_status"] {
            _ = try await send("PATCH", path + "/status", ["status": fillIn(change)])
        } else if let options = action["delete"] {
            var body: Value = ["apiVersion": "v1", "kind": "DeleteOptions"]
            let names = ["grace": "gracePeriodSeconds", "policy": "propagationPolicy"]
            for (key, value) in options.object ?? [:] { body[names[key] ?? key] = value }
            _ = try await send("DELETE", path, body)
        } else {
            throw Stuck(description: "unknown action \(action.encoded())")
        }
    }

    private func create(_ made: Value) async throws {
        let kind = made["kind"]?.string ?? ""
        guard let resource = Kinds.resources[kind], let base = Kinds.bases[resource] else { throw Stuck(description: "unknown kind \(kind)") }
        let version: Value = ["apiVersion": .string(base.replacing("/apis/", with: "").replacing("/api/", with: ""))]
        let body = try await fillIn((Kinds.defaults[kind] ?? .object([:])).merged(version).merged(made))
        if kind == "Pod" { sight.own.insert(body["metadata"]?["name"]?.string ?? "") }
        _ = try await send("POST", sight.path(base, resource), body)
    }

    /// Replaces <uid of j>, <uid of p1>, <now>, <now-5> in texts.
    private func fillIn(_ body: Value) async throws -> Value {
        var text = body.encoded()
        while let match = text.firstMatch(of: /<(?:now([-+]?[0-9.]*)|uid of ([^>\s]+))>/) {
            var value = ""
            if let name = match.2.map(String.init) {
                let alias = sight.alias.first { $0.value == name }?.key
                if name.contains("/") { value = try await send("GET", target(name))["metadata"]?["uid"]?.string ?? "" } else {
                    value = sight.jobs[name]?["metadata"]?["uid"]?.string ?? alias ?? ""
                }
            } else {
                let offset = Double(String(match.1 ?? "")) ?? 0
                value = world.now.adding(milliseconds: Int64(offset * 1000)).wholeSecond.value.string ?? ""
            }
            text.replaceSubrange(match.range, with: value)
        }
        return try Value.parse(json: Array(text.utf8))
    }

    /// Fields of an object that is not watched, or columns of table/...
    func look(_ name: String, _ paths: [String]) async throws -> Value {
        if name.hasPrefix("table/") { return try await Tables.cells(of: target(String(name.dropFirst(6))), paths, sight) }
        let reply = await world.send("GET", try target(name), nil, accept: "application/json")
        return reply.code == 404 ? "gone" : sight.fields(reply.value, paths)
    }

    // MARK: - Picks

    /// The pods that a PICK stands for.
    private func pick(_ wanted: Value) throws -> [Value] {
        let pods = sight.namedPods()
        if wanted.string == "same" { return picked }
        let wanted = wanted["alias"] ?? wanted
        var found: [Value], count: Int
        if wanted.object != nil {
            found = pods.filter { fits($0.alias, $0.pod, wanted) }.map(\.pod)
            count = wanted["count"]?.int ?? max(1, found.count)
        } else {
            let aliases = wanted.array?.compactMap(\.string) ?? [wanted.string ?? ""]
            found = aliases.compactMap { alias in pods.first { $0.alias == alias }?.pod }
            count = aliases.count
        }
        guard found.count >= count else { throw Stuck(description: "only \(found.count) of \(count) pods match \(wanted.encoded())") }
        picked = Array(found.prefix(count))
        chosen.formUnion(picked.map { $0["metadata"]?["uid"]?.string ?? "" })
        return picked
    }

    private func fits(_ alias: String, _ pod: Value, _ wanted: Value) -> Bool {
        let uid = pod["metadata"]?["uid"]?.string ?? "", phase = pod["status"]?["phase"]?.string ?? ""
        if chosen.contains(uid) || sight.own.contains(alias) { return false }
        if (pod["metadata"]?["deletionTimestamp"] != nil) != (wanted["deleting"]?.bool ?? false) { return false }
        let isReady = (pod["status"]?["conditions"]?.array ?? []).contains { $0["type"]?.string == "Ready" && $0["status"]?.string == "True" }
        if let ready = wanted["ready"]?.bool, ready != isReady { return false }
        if let named = wanted["phase"]?.string { if named != phase { return false } } else if ["Succeeded", "Failed"].contains(phase) { return false }
        guard let index = wanted["index"] else { return true }
        return (index.array ?? [index]).contains { $0.int.map(String.init) == sight.indexes[uid] }
    }
}

/// An answer that was no success.
struct Refusal: Error {
    var reply: Reply

    /// As the files hold it.
    func value(_ sight: Sight) -> Value {
        func plain(_ text: String) -> String {
            sight.mask(text).replacing(#/Invalid value: (\{.*\}|\[.*\]): /#, with: "Invalid value: {...}: ")
        }
        let causes = (reply.value["details"]?["causes"]?.array ?? []).map { cause -> Value in
            .object(Dictionary(["reason", "field", "message"].map { ($0, .string(plain(cause[$0]?.string ?? ""))) }, uniquingKeysWith: { $1 }))
        }
        var seen: [String: Value] = ["code": .int(Int64(reply.code))]
        seen["reason"] = reply.value["reason"]
        seen["causes"] = .array(causes)
        if causes.isEmpty { seen["message"] = .string(plain(reply.value["message"]?.string ?? "")) }
        return .object(seen.filter { !$0.value.isBlank })
    }
}
