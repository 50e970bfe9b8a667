import BatchAPI
import Broker

/// The steps of a walk.
extension Walk {
    func act() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: try await claim()
        case 30..<60: try await report()
        case 60..<66: try await resend()
        case 66..<80: try await decide()
        case 80..<84: try await both("sweep") { "\(try await $0.broker.sweep(uid: self.uid, epoch: $0.epoch))" }
        case 84..<87: try await giveBack()
        case 87..<90: try await progress()
        case 90..<94: try await renew()
        case 94..<96: try await replaceNode()
        case 96..<98: try await update()
        case 98 where takesItems: try await push()
        case 98: try await both("news") { try await $0.hear(self.instances) }
        default:
            try await both("delete") { side in
                try await side.broker.delete(uid: self.uid)
                return ""
            }
            try await newJob()
        }
    }

    /// Items that follow those that are there, or do not.
    func push() async throws {
        var items = PackedItems()
        for at in 0..<Int.random(in: 0...9, using: &random) { items.append([UInt8](repeating: UInt8(at), count: Int.random(in: 0...200, using: &random))) }
        let first = max(0, pushed + (chance(20) ? Int.random(in: -3...3, using: &random) : 0))
        let push = ItemPush(job: uid, first: first, items: items, slab: 3, isLast: chance(10))
        try await both("push \(items.count) at \(first)") { side in "\(try await side.broker.push(push))" }
        if chance(70) { try await both("news") { try await $0.hear(self.instances) } }
        pushed = try await sides[1].broker.push(ItemPush(job: uid, first: Int(Int32.max), items: PackedItems(), slab: 3)).count
    }

    private func request() -> ClaimRequest {
        sequence += 1
        let node = chance(50) ? "n" : "o"
        // A slot that holds a lease does not claim.
        let taken = Set(sides[0].live.values.filter { $0.node == node }.map(\.slot))
        let free = (0..<8).filter { !taken.contains($0) }.randomElement(using: &random) ?? 8 + Int(sequence)
        let isChunk = chance(30)
        return ClaimRequest(
            node: node, instance: instances[node]!, slot: free, sequence: sequence, items: isChunk ? Int.random(in: 1...6, using: &random) : 1,
            podUID: isChunk ? "" : "p\(sequence)", job: chance(80) ? uid : nil, classes: classes(), takesHandouts: chance(50))
    }

    /// What the node takes: usually all there is.
    private func classes() -> [String] { chance(80) ? ["", "hdd", "ssd", "handler", "handlerhdd", "handlerssd"] : [["", "ssd"], ["hdd"], [""]].randomElement(using: &random)! }

    private func claim() async throws {
        let request = request()
        last = (request, nil, nil, true)
        try await both("claim") { try await $0.claim(request) }
    }

    private func report() async throws {
        guard let number = sides[0].live.keys.sorted().randomElement(using: &random), let held = sides[0].live[number] else { return }
        sequence += 1
        var request = ClaimRequest(node: held.node, instance: held.instance, slot: held.slot, sequence: sequence, podUID: "p\(sequence)", job: uid)
        request.classes = classes()
        if chance(20) { (request.podUID, request.items) = ("", 3) }
        var report = Report(request, job: held.job, token: 0, result: [.succeeded, .succeeded, .failed, .released].randomElement(using: &random)!)
        if chance(40) { report.exceptions = (0..<3).map { _ in Int.random(in: 0..<40, using: &random) } }
        if chance(30) { report.details = report.exceptions.map { ItemFailure(exitCode: $0 + 1, message: "item \($0)") } }
        if chance(30) { (report.ran, report.pace) = (Int.random(in: 0...6, using: &random), Int.random(in: 1...20, using: &random)) }
        let claiming = chance(50)
        last = (request, report, number, claiming)
        try await both("report \(report.result) of \(number)") { [report] in try await $0.report(report, number, claiming) }
    }

    private func resend() async throws {
        guard let last else { return }
        try await both("resend") { side in
            guard let report = last.report, let number = last.grant else { return try await side.claim(last.request) }
            return try await side.report(report, number, last.claiming)
        }
    }

    /// Random verdicts and fields.
    func decide() async throws {
        let permits = Int.random(in: 0...6, using: &random), isShut = chance(15), cut: Bool? = chance(8) ? chance(50) : nil
        let fates = (0..<50).map { _ in [Decision.Verdict.Fate.retry, .retry, .failIndex, .drop].randomElement(using: &random)! }
        let counted = chance(70), delay: Int64? = chance(40) ? (chance(50) ? 3_600_000 : -5000) : nil, stays = chance(20)
        try await both("decide permits \(permits) shut \(isShut) cut \(String(describing: cut)) delay \(String(describing: delay))") { side in
            guard let state = try await side.broker.state(uid: self.uid) else { return "gone" }
            var decision = Decision(uid: self.uid, epoch: side.epoch, version: state.version)
            (decision.gate, decision.permits, decision.cut) = (isShut ? "shut" : "", permits, cut)
            decision.seenSuccess = state.newestSuccess ?? Timestamp(milliseconds: 0)
            decision.failuresSinceSuccess = state.failuresSinceSuccess
            let held = state.undecided.sorted { ($0.index ?? -1, side.number($0.token)) < ($1.index ?? -1, side.number($1.token)) }
            for (at, pod) in held.enumerated() where !stays {
                let perIndex = state.job.spec.backoffLimitPerIndex != nil
                let fate: Decision.Verdict.Fate = perIndex ? fates[at % 50] : .retry
                let time = perIndex ? delay.map { state.now.adding(milliseconds: $0) } : nil
                decision.verdicts.append(.init(token: pod.token, fate: fate, isCounted: counted, notBefore: time))
            }
            if !perIndexDelay(state), let delay { decision.notBefore = state.now.adding(milliseconds: delay) }
            try await side.broker.decide(decision)
            return ""
        }
        func perIndexDelay(_ state: LedgerState) -> Bool { state.job.spec.backoffLimitPerIndex != nil }
    }

    private func progress() async throws {
        guard let number = sides[0].live.keys.sorted().randomElement(using: &random), let held = sides[0].live[number] else { return }
        let restarts = Int.random(in: 0...3, using: &random), runs = chance(70)
        try await both("progress") { side in
            let progress = Progress(
                job: held.job, token: side.live[number]!.token, instance: held.instance, startedAgo: number, restarts: restarts, isRunning: runs)
            return "\(try await side.broker.progress(progress))"
        }
    }

    private func giveBack() async throws {
        guard let number = sides[0].live.keys.sorted().randomElement(using: &random), let held = sides[0].live[number] else { return }
        let kept = Int.random(in: 1...6, using: &random)
        try await both("give back of \(number) but \(kept)") { side in
            "\(try await side.broker.giveBack(job: held.job, token: side.live[number]!.token, instance: held.instance, keeping: kept))"
        }
    }

    private func renew() async throws {
        let node = chance(50) ? "n" : "o", forgets = chance(30)
        let numbers = sides[0].live.filter { $0.value.node == node }.keys.sorted().filter { _ in !(forgets && chance(30)) }
        try await both("renew") { side in
            let held = numbers.map { number in
                let held = side.live[number]!
                let grant = Grant(job: held.job, token: held.token, items: nil, pod: "", podUID: "", revision: "", failures: 0)
                return HeldLease(slot: held.slot, grant)
            }
            let reply = try await side.broker.renew(
                Heartbeat(
                    node: node, instance: self.instances[node]!, held: held, answered: Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, Int64.max) })))
            return reply.revoked.map { news in
                switch news {
                case .stop(let job, let token, let grace): "stop \(job) \(side.number(token)) \(grace ?? -1)"
                case .ask(let slot): "ask \(slot)"
                default: "?"
                }
            }.sorted().joined(separator: ",")
        }
    }

    private func replaceNode() async throws {
        let node = chance(50) ? "n" : "o"
        sequence += 1
        let instance = "\(node)\(sequence)", old = instances[node]!, expires = chance(50)
        instances[node] = instance
        last = nil
        try await both("replace \(node)") { side in
            if expires {
                let renewal = try await side.broker.nodes().first { $0.name == node }?.renewal ?? 0
                while try await side.broker.expire(node: node, instance: old, renewal: renewal, epoch: side.epoch) > 0 {}
            }
            try await side.register(node, instance)
            side.live = side.live.filter { $0.value.node != node }
            return ""
        }
    }

    private func update() async throws {
        let parallelism = Int.random(in: 0...6, using: &random), suspends = chance(20)
        let weight = chance(20) ? ["0.3", "2", "7"].randomElement(using: &random)! : nil
        let disk = chance(30) ? ["", "hdd", "ssd"].randomElement(using: &random)! : nil
        try await both("update") { side in
            guard var job = try await side.broker.job(namespace: "default", name: self.uid) else { return "gone" }
            (job.spec.parallelism, job.spec.suspend) = (parallelism, suspends)
            if let weight { job.metadata.annotations[JobShare.annotation] = weight }
            if let disk { job.spec.template.spec.raw["nodeSelector"] = disk.isEmpty ? nil : ["disk": .string(disk)] }
            _ = try await side.broker.update(job)
            return try await side.hearOfClasses()
        }
    }
}
