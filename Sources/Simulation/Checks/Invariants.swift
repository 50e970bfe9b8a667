import BatchAPI
import Broker

/// What holds after every step.
extension Truth {
    func check(_ views: [LedgerView], at time: Duration) {
        now = time
        for view in views {
            let uid = view.job.metadata.uid
            noteFailures(view)
            if !view.isDeleted {
                conserve(view)
                count(view)
            }
            markDeleted(view)
            compare(view, last[uid])
        }
        checkGrants(views)
        oneLiveAttempt()
        (grants, untouched) = ([], [])
        last = Dictionary(views.map { ($0.job.metadata.uid, $0) }, uniquingKeysWith: { $1 })
    }

    /// I1: every item stands in exactly one place.
    private func conserve(_ view: LedgerView) {
        guard view.completions != nil, !view.hasExtras else { return }
        var places = [Int: Int]()
        func stand(_ range: ClosedRange<Int>) { for index in range { places[index, default: 0] += 1 } }
        for range in view.done.ranges + view.bad.ranges + view.ready { stand(range) }
        for index in view.waiting { stand(index...index) }
        for (_, index) in view.held { if let index { stand(index...index) } }
        for lease in view.leases where lease.standing == .live || lease.standing == .keeping {
            let end = view.shrunk ?? Int.max
            if let items = lease.items, items.lowerBound < end { stand(items.lowerBound...min(items.upperBound, end - 1)) }
        }
        let name = view.job.metadata.name
        func refuse(_ what: String) {
            violate(
                "I1", "\(name): index \(what): cursor \(view.cursor), done \(view.done.text), bad \(view.bad.text), ready \(view.ready), "
                    + "waiting \(view.waiting), held \(view.held), leases \(view.leases)")
        }
        for index in 0..<view.cursor where places[index] != 1 { refuse("\(index) stands in \(places[index] ?? 0) places") }
        if let most = places.keys.max(), most >= view.cursor, most < view.completions ?? 0 { refuse("\(most) is beyond the cursor and not fresh") }
        if view.done.count != view.succeeded { violate("I1", "\(name): \(view.succeeded) succeeded, \(view.done.count) done") }
        if view.bad.count != view.failedIndexes { violate("I1", "\(name): counts of failed indexes differ") }
    }

    /// The counters are what the leases say.
    private func count(_ view: LedgerView) {
        let live = view.leases.count { $0.standing == .live }
        let ending = view.leases.count { $0.standing == .keeping || $0.standing == .bare }
        if (live, ending, view.held.count) != (view.active, view.terminating, view.undecided) {
            violate(
                "I1", "\(view.job.metadata.name): \(live) live, \(ending) ending, \(view.held.count) held, but the counters say \(view.active), "
                    + "\(view.terminating), \(view.undecided)")
        }
    }

    /// I3 and I5, from one step to the next.
    private func compare(_ view: LedgerView, _ before: LedgerView?) {
        guard let before else { return }
        let name = view.job.metadata.name
        if view.failed < before.failed, !hasForgotten { violate("I3", "\(name): failed falls from \(before.failed) to \(view.failed)") }
        if view.job.status.isFinished, before.job.status.isFinished, !hasForgotten {
            if view.job.status != before.job.status { violate("R56", "\(name): the status of a finished Job has changed") }
        }
        if untouched.contains(view.job.metadata.uid), !hasForgotten, !isSampled, view.fingerprint != before.fingerprint {
            violate("I5", "\(name): a refused report has changed \(before.fingerprint) to \(view.fingerprint)")
        }
    }

    /// Attempts that are being deleted, or whose Job is.
    private func markDeleted(_ view: LedgerView) {
        let uid = view.job.metadata.uid
        for key in alive.keys where key.job == uid && alive[key]?.isDeleted == false {
            let lease = view.leases.first { $0.token == key.token }
            if view.isDeleted && !view.isOrphaned || lease.map({ $0.standing != .live }) ?? false { alive[key]?.isDeleted = true }
        }
    }

    /// I6.
    private func oneLiveAttempt() {
        var seen: [Key: Key] = [:]
        for (key, attempt) in alive.sorted(by: { $0.key < $1.key }) where !attempt.isDeleted {
            guard let index = attempt.index else { continue }
            let item = Key(job: key.job, token: Token(index))
            if let other = seen[item] { violate("I6", "two live attempts of \(key.job) index \(index): \(other.token) and \(key.token)") }
            seen[item] = key
        }
    }

    /// Attempts that are newly held for a verdict have failed.
    private func noteFailures(_ view: LedgerView) {
        let uid = view.job.metadata.uid
        var story = stories[uid, default: Story()]
        let clock = SimulatedClock.start + now.wholeMilliseconds
        story.cutOff(view, before: last[uid])
        for (token, index) in view.held where story.failures[token] == nil {
            let report = story.ends[token]
            let isDeleted = story.deleted.contains(token)
            story.failures[token] = Story.Failure(
                index: index, code: report?.exitCode, isDisruption: report.map { !$0.disruption.isEmpty } ?? !isDeleted,
                isUncertain: report == nil && isDeleted,
                finished: clock - Int64(report?.finishedAgo ?? 0))
        }
        let isEnding = ["SuccessCriteriaMet", "FailureTarget"].contains { view.job.status.isTrue($0) }
        if !isEnding { story.specsAtEnd = [] }
        if isEnding, story.specsAtEnd.isEmpty { story.specsAtEnd.append(view.job.spec) }
        if view.job.status.isFinished, story.specsAtEnd.count == 1 { story.specsAtEnd.append(view.job.spec) }
        if let before = last[uid], view.succeeded > before.succeeded { story.newestSuccess = clock }
        if view.leases.contains(where: { $0.standing != .live && !story.deleted.contains($0.token) }) { story.isEdited = true }
        stories[uid] = story
    }
}

extension LedgerView {
    /// What a refused report may not change.
    fileprivate var fingerprint: String {
        "\(active) \(terminating) \(succeeded) \(failed) \(held.map(\.token)) \(leases.map(\.token)) \(done.text) \(bad.text) \(ready)"
    }
}
