import Broker

/// Runs attempts of one slot, one after the other: containers, restarts in place, orders to end.
struct AttemptRunner {
    private let node: NodeContext
    private var slot: any SlotRuntime

    init(node: NodeContext, slot: Int) {
        self.node = node
        self.slot = node.runtime.slot(slot, of: node)
    }

    /// Runs it to its end. When this returns nothing of it runs any more.
    mutating func run(_ attempt: Attempt) async -> Ending {
        let conduct: AttemptConduct
        do { conduct = try await prepare(attempt) } catch { return stopped(attempt, .refused(error, at: node.time.wall)) }
        let watches = [conduct.deadline.map { deadline(attempt, after: $0) }, conduct.excess.map { measure(attempt, $0) }, conduct.refresh.map(refresh)]
        defer {
            for watch in watches { watch?.cancel() }
            slot.clear(attempt)
        }
        return await runContainers(attempt, conduct)
    }

    /// Waits for what may still come, as long as the attempt may live.
    private mutating func prepare(_ attempt: Attempt) async throws(PodRefusal) -> AttemptConduct {
        var watch: Task<Void, Never>?
        defer { watch?.cancel() }
        var told: PodRefusal?
        while true {
            do {
                let conduct = try await slot.prepare(attempt)
                if told != nil { attempt.tells(of: { [] }) }
                return conduct
            } catch {
                slot.clear(attempt)
                guard error.mayPass, attempt.order == nil else { throw error }
                if watch == nil { watch = attempt.job.spec.template.spec.activeDeadlineSeconds.map { deadline(attempt, after: .seconds($0)) } }
                if told != error { await node.tellWaiting(WaitingPod(attempt: attempt, refusal: error)) }
                told = error
                await attempt.nap(node.time.duration(from: .seconds(1), to: .seconds(3)))
                if attempt.order != nil { throw error }
            }
        }
    }

    private func deadline(_ attempt: Attempt, after limit: Duration) -> Task<Void, Never> {
        node.time.spawn { [time = node.time] in
            guard (try? await time.sleep(for: limit)) != nil else { return }
            attempt.stop(StopOrder(cause: .deadline, grace: nil))
        }
    }

    private static let measuring = Duration.seconds(5)

    private func measure(_ attempt: Attempt, _ excess: @escaping @Sendable () -> String?) -> Task<Void, Never> {
        node.time.spawn { [time = node.time] in
            while (try? await time.sleep(for: Self.measuring)) != nil {
                guard let message = excess() else { continue }
                return attempt.stop(StopOrder(cause: .evicted(message), grace: .seconds(1)))
            }
        }
    }

    private func refresh(_ action: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        node.time.spawn { [time = node.time, interval = node.options.refresh] in
            while (try? await time.sleep(for: time.duration(from: interval * 0.8, to: interval))) != nil { await action() }
        }
    }

    private mutating func runContainers(_ attempt: Attempt, _ conduct: AttemptConduct) async -> Ending {
        var restarts = 0, failures = 0
        var first: Int64?
        while true {
            var ending = await slot.runOnce(attempt, restart: restarts)
            first = first ?? ending.startedAt
            let ran = Duration.milliseconds(ending.finishedAt - (ending.startedAt ?? ending.finishedAt))
            (ending.restarts, ending.startedAt) = (ending.restarts + restarts, first)
            ending = stopped(attempt, ending)
            guard ending.result == .failed, conduct.restartsInPlace, attempt.order == nil else { return ending }
            let pause = node.options.restarts.next(failures: failures, ran: ran)
            failures = pause.failures
            if pause.wait > .zero {
                await node.tell(attempt, restarts: restarts, exitCode: ending.exitCode)
                await attempt.nap(pause.wait)
            }
            if attempt.order != nil { return stopped(attempt, ending) }
            // It counts from when the next container starts (R32).
            restarts = attempt.restart(afterExit: ending.exitCode)
            node.noteRestart(attempt, exitCode: ending.exitCode)
        }
    }

    /// What an order makes of a failed ending.
    private func stopped(_ attempt: Attempt, _ ending: Ending) -> Ending {
        var ending = ending
        switch attempt.order?.cause {
        case .drained where ending.result == .failed:
            ending.disruption = "TerminationByKubelet"
            ending.message = "the worker was shut down"
        case .deadline where ending.result != .released:
            (ending.result, ending.reason) = (.failed, "DeadlineExceeded")
            ending.message = "Pod was active on the node longer than the specified deadline"
        case .evicted(let message) where ending.result != .released:
            (ending.result, ending.reason, ending.message) = (.failed, "Evicted", message)
        case .tainted where ending.result == .failed:
            ending.disruption = "DeletionByTaintManager"
            ending.message = "Taint manager: deleting due to NoExecute taint"
        default: break
        }
        return ending
    }
}

extension Attempt {
    /// Names its logs.
    var logName: String {
        guard grant.podUID.isEmpty else { return grant.podUID }
        return "\(grant.token)" + (grant.items.map { "-\($0.lowerBound)" } ?? "")
    }
}
