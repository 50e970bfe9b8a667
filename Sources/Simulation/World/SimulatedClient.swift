import BatchAPI
import Broker

/// Somebody with kubectl, who tries again until the store has answered.
struct SimulatedClient: Sendable {
    let world: World
    let wire: Wire

    func submit(_ submission: Plan.Submission) async {
        try? await world.driver.sleep(for: submission.at)
        world.truth.stories[submission.job.metadata.uid, default: Story()].ignoresDisruptions = submission.settings.ignoresDisruptions
        var job = submission.job
        job.metadata.creationTimestamp = Timestamp(milliseconds: SimulatedClock.start + world.universe.now.wholeMilliseconds)
        await persist { [job] () async throws(BrokerError) in _ = try await wire.create(job, settings: submission.settings) }
        await feed(submission, pauses: true)
    }

    /// Pushes what the Job lacks of its items, each with its index, and says that no more will come.
    func feed(_ submission: Plan.Submission, pauses: Bool) async {
        guard let total = submission.items else { return }
        let uid = submission.job.metadata.uid
        var first = Int(Int32.max), slab = 0
        while true {
            var items = PackedItems(), reply: PushReply?
            for index in first..<max(first, min(first + lot(1...9), total)) { items.append(String(index).utf8) }
            let push = ItemPush(job: uid, first: first, items: items, slab: slab == 0 ? 8 : slab, isLast: first >= total && first < Int(Int32.max))
            await persist { () async throws(BrokerError) in reply = try await wire.push(push) }
            guard let reply, [.taken, .had, .gap].contains(reply.result) else { return }
            if push.isLast, reply.result != .gap { return }
            (first, slab) = (reply.count, reply.slab)
            if pauses { try? await world.driver.sleep(for: .milliseconds(lot(0...400))) }
        }
    }

    private func lot(_ range: ClosedRange<Int>) -> Int { world.universe.random.within(range) }

    /// Until the call has been answered, whatever the answer.
    private func persist(_ call: () async throws(BrokerError) -> Void) async {
        while true {
            do { return try await call() } catch {
                guard error.isTransient else { return }
                if (try? await world.driver.sleep(for: .milliseconds(500))) == nil { return }
            }
        }
    }

    /// Reads, changes, writes; again if somebody was faster.
    private func change(_ uid: String, _ body: (inout Job) -> Bool) async {
        for _ in 0..<50 {
            var hasConflict = false
            await persist { () async throws(BrokerError) in
                guard var job = try await wire.job(uid: uid), body(&job) else { return }
                do throws(BrokerError) { _ = try await wire.update(job) } catch {
                    if error.code != .conflict { throw error }
                    hasConflict = true
                }
            }
            if !hasConflict { return }
        }
    }

    func edit(_ job: Job, _ edit: Plan.Edit) async {
        let uid = job.metadata.uid
        switch edit {
        case .parallelism(let count): await changeSpec(uid) { $0.parallelism = count }
        case .suspend: await changeSpec(uid) { $0.suspend = true }
        case .resume: await changeSpec(uid) { $0.suspend = false }
        case .completions(let count):
            if job.spec.isIndexed, job.spec.successPolicy == nil, !job.takesItems { await changeSpec(uid) { ($0.completions, $0.parallelism) = (count, count) } }
        case .deadline(let seconds):
            world.truth.stories[uid, default: Story()].hasDeadlineEdit = true
            await changeSpec(uid) { $0.activeDeadlineSeconds = seconds }
        case .backoffLimit(let limit):
            world.truth.stories[uid, default: Story()].hasLimitEdit = true
            if job.spec.backoffLimitPerIndex == nil { await changeSpec(uid) { $0.backoffLimit = limit } }
        case .deletePod(let number, let grace): await deletePod(uid, number, grace)
        case .delete(let policy): await delete(uid, policy)
        }
    }

    private func changeSpec(_ uid: String, _ body: (inout JobSpec) -> Void) async {
        await change(uid) { job in
            let before = job.spec
            body(&job.spec)
            if job.spec == before { return false }
            world.truth.stories[uid, default: Story()].isEdited = true
            job.metadata.generation += 1
            return true
        }
    }

    private func deletePod(_ uid: String, _ number: Int, _ grace: Int) async {
        await persist { () async throws(BrokerError) in
            let pods = try await wire.pods(uid: uid).filter(\.isLive)
            if pods.isEmpty { return }
            _ = try await wire.delete(PodDeletion(job: uid, token: pods[number % pods.count].token, grace: grace))
        }
    }

    private func delete(_ uid: String, _ policy: String) async {
        let finalizer = ["Foreground": "foregroundDeletion", "Orphan": "orphan"][policy]
        await change(uid) { job in
            job.metadata.markDeleted(
                at: Timestamp(milliseconds: SimulatedClock.start + world.universe.now.wholeMilliseconds), finalizer: finalizer)
            return true
        }
    }

    /// Whatever a user has stopped goes on.
    func unblock(_ job: Job) async {
        await changeSpec(job.metadata.uid) { spec in
            if spec.suspend == true { spec.suspend = false }
            if spec.parallelism == 0, spec.completions != 0 { spec.parallelism = 2 }
        }
    }
}
