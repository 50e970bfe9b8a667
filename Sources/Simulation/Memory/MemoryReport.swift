import BatchAPI
import Broker

/// How a lease ends: what Report and the loss of a node have in common.
struct MemoryOutcome {
    var instance: String
    var result: Report.Result
    var exitCode: Int?
    var reason: String
    var message: String
    /// nil leaves what the pod shows.
    var restarts: Int?
    var startedAgo = -1
    var finishedAgo = 0
    var disruption = ""
    var tail = ""
    var exceptions: [Int] = []
    var details: [ItemFailure] = []
    var results: [UInt8] = []
    var ran: Int?
    var pace: Int?
    var container = ""
    var states: String?
    /// The pod's fields say it already.
    var isWritten = false

    init(_ report: Report) {
        (instance, result, exitCode, reason, message) =
            (report.request.instance, report.result, report.exitCode, report.reason, report.message)
        (restarts, startedAgo, finishedAgo) = (report.restarts, report.startedAgo, report.finishedAgo)
        (disruption, tail, exceptions, container) = (report.disruption, report.tail, report.exceptions, report.container)
        states = report.states
        (details, results, ran, pace) = (report.details, report.results.bytes, report.ran, report.pace)
    }

    /// What an agent outside has written of a pod.
    init(written result: Report.Result, instance: String, finishedAgo: Int) {
        (self.instance, self.result, exitCode, restarts, self.finishedAgo) = (instance, result, nil, nil, finishedAgo)
        (reason, message, isWritten) = ("", "", true)
    }

    /// What a node's loss makes of an attempt (P7).
    init(lost instance: String, _ result: Report.Result) {
        (self.instance, self.result, exitCode, restarts) = (instance, result, nil, nil)
        (reason, message, disruption) = ("NodeLost", "the node was lost", "DeletionByTaintManager")
    }
}

/// Report and Progress.
extension MemoryBroker {
    public func report(_ report: Report, claiming: Bool) async throws(BrokerError) -> ReportReply {
        let request = report.request
        var isAccepted = false
        var next: ClaimReply
        if let again = answerAgain(request) {
            let last = slots[request.instance]?[request.slot]
            (isAccepted, next) = (last?.sequence == request.sequence && last?.isAccepted == true, again)
        } else if isRegistered(request) {
            (isAccepted, next) = reportNew(report, claiming)
        } else {
            next = .nothing(next: nil)
        }
        return ReportReply(accepted: isAccepted, next: claiming ? next : nil)
    }

    private func reportNew(_ report: Report, _ claiming: Bool) -> (Bool, ClaimReply) {
        let request = report.request
        releaseOld(request, report)
        let (ledger, token) = present(report.job, report.token)
        let isAccepted = ledger.map { settle($0, token, MemoryOutcome(report)) } ?? false
        if isAccepted {
            ledgers[report.job]?.moved[report.token] = nil
            count(StoreFigures.Count(report.result))
        }
        var reply: ClaimReply?
        if let ledger {
            // The reported Job's own next item, without a look at the others: where none of them could be next.
            let isNext = request.job == nil && rivals(ledger, request) == 0 || request.job == ledger.uid
            let mayGoOn = recovering.isEmpty && isNext && mayTake(ledger.uid, request) && members[request.node]?.isCordoned != true
            if claiming, mayGoOn { reply = grant(ledger, request, isAccepted) }
            let count = isAccepted && (reply == nil || report.result != .succeeded) ? show(ledger) : 0
            if claiming, reply == nil { reply = claimNew(request, isAccepted: isAccepted) }
            // A success whose slot goes on with the Job frees nothing for others.
            let goesOn = if case .granted(let grant) = reply { grant.job == ledger.uid && report.result == .succeeded } else { false }
            if !goesOn { wake(ledger, count) }
        }
        if let reply { return (isAccepted, reply) }
        if claiming { return (isAccepted, claimNew(request, isAccepted: isAccepted)) }
        return (isAccepted, remember(request, nothingUntil: 0, isAccepted))
    }

    public func giveBack(job: String, token: Token, instance: String, keeping kept: Int) async throws(BrokerError) -> Bool {
        guard let ledger = ledgers[job], let known = ledger.leases[token], known.instance == instance, known.pod.isEmpty,
            ledger.isLive(token, known)
        else { return false }
        let lease = ledger.trimmed(known)
        guard let items = lease.items, kept < items.count else { return true }
        let first = items.lowerBound, last = first + max(kept, 1) - 1
        if last == items.upperBound { return true }
        if !ledger.isCutOff(lease) { ledger.makeReady((last + 1)...items.upperBound) }
        ledger.leases[token]!.items = first...last
        offer(ledger)
        return true
    }

    public func progress(_ progress: Progress) async throws(BrokerError) -> Bool {
        var progress = progress
        let place = present(progress.job, progress.token)
        progress.token = place.token
        guard let ledger = place.ledger, let lease = ledger.leases[progress.token], lease.instance == progress.instance else { return false }
        guard var pod = ledger.pods[progress.token] else { return true }
        if ledger.isLive(progress.token, lease) {
            if progress.startedAgo >= 0 { ledger.ready += (progress.isRunning ? 1 : 0) - (pod.isRunning ? 1 : 0) }
            ledger.restarts += progress.restarts - pod.restarts
            if ledger.restarts > 0, ledger.restarts >= ledger.limit { remind(ledger.uid, 0) }
            markDirty(ledger)
        }
        pod.restarts = progress.restarts
        if progress.startedAgo >= 0 {
            let started = now - Int64(progress.startedAgo)
            (pod.phase, pod.isRunning, pod.exitCode) = ("Running", progress.isRunning, progress.lastExitCode)
            pod.started = Timestamp(milliseconds: started)
            ledger.readied[progress.token] = progress.isRunning ? started : nil
        }
        if let states = progress.states { pod.states = ContainerState.read(states, now: Timestamp(milliseconds: now)) }
        pod.resourceVersion = nextVersion()
        ledger.pods[progress.token] = pod
        return true
    }
}
