import ArgumentParser
import BatchAPI
import Broker
import Coordinator
import Glibc
import Worker

/// One run from start to summary.
struct RunSession {
    let command: RunCommand
    let work: any RunWork
    /// How often progress is looked at: short runs must not wait for it.
    private static func interval(after elapsed: Duration) -> Duration { min(.milliseconds(100), max(.milliseconds(5), elapsed / 20)) }

    func run() async -> ExitCode {
        // Before anything is started: a signal must not end us in between.
        let signals = Interrupts.stream()
        let folder: RunFolder
        let system: PrivateSystem
        do {
            folder = try RunFolder(keeps: command.keep)
            system = try await start(folder)
        } catch {
            complain("drover run: \(error)")
            return ExitStatus.unreachable
        }
        let status = await run(in: system, signals)
        await system.stop()
        folder.remove()
        return status
    }

    private func start(_ folder: RunFolder) async throws -> PrivateSystem {
        var options = WorkerOptions(name: hostName(), slots: work.slots)
        (options.lease, options.restarts) = (command.shared.lease.duration, command.restarts.backoff)
        (options.makesPods, options.keepsEmptyLogs) = (work.makesPods, work.makesPods)
        options.shutdownTimeout = command.shared.shutdownTimeout?.duration ?? .seconds(8)
        let settings = PrivateSystem.Settings(folder: folder.path, worker: options, logger: command.shared.logger("run"))
        return try await PrivateSystem.start(settings, planner: work.planner, observer: work)
    }

    private func run(in system: PrivateSystem, _ signals: AsyncStream<Int32>) async -> ExitCode {
        let display = ProgressDisplay(command.progress)
        work.show(on: StandardOutput(display: display))
        let deciding = Task { await coordinator(system).run() }
        let working = Task { try await system.worker.run() }
        let showing = Task { await work.follow() }
        let interruption = interruption(signals, system)
        var status = await watch(system, display, interruption, working)
        await end(system, working, interruption.isSet)
        deciding.cancel()
        await deciding.value
        showing.cancel()
        await showing.value
        await work.finish()
        if interruption.isSet { status = ExitStatus.interrupted }
        return status
    }

    private func coordinator(_ system: PrivateSystem) -> Coordinator {
        var options = CoordinatorOptions(instance: makeUUID(), address: "private")
        (options.lease, options.policy) = (command.shared.lease.duration, command.policy.policy)
        return Coordinator(broker: system.broker, options: options, time: HostTime(), logger: command.shared.logger("run"))
    }

    /// The first signal ends the run in order, the second at once.
    private func interruption(_ signals: AsyncStream<Int32>, _ system: PrivateSystem) -> Interruption {
        let interruption = Interruption()
        Task {
            var count = 0
            for await _ in signals {
                count += 1
                interruption.set()
                if count == 1 { system.worker.drain() } else { system.worker.abort() }
                if count > 2 { _exit(130) }
            }
        }
        return interruption
    }

    /// After a halt what runs may end by itself.
    private func end(_ system: PrivateSystem, _ working: Task<Void, any Error>, _ isInterrupted: Bool) async {
        if isInterrupted { system.worker.drain() } else if work.hasHalted { system.worker.finishRunning() } else { system.worker.abort() }
        do { try await working.value } catch { complain("drover run: \(error)") }
    }

    /// Until every Job has ended, enough has failed, or somebody interrupts.
    private func watch(
        _ system: PrivateSystem, _ display: ProgressDisplay, _ interruption: Interruption, _ working: Task<Void, any Error>
    ) async -> ExitCode {
        let start = ContinuousClock.now
        var jobs = work.jobs
        var state = ProgressState(.init(jobs), now: display.now)
        do {
            for job in jobs { _ = try await system.broker.create(job, settings: work.settings) }
            while true {
                jobs = try await states(system, jobs)
                state.update(.init(jobs), now: display.now)
                if interruption.isSet || work.hasHalted || jobs.allSatisfy(\.status.isFinished) { break }
                display.show(state)
                if system.redis.process.status != nil { throw WorkerError("the private redis-server has ended") }
                await interruption.pause(Self.interval(after: ContinuousClock.now - start))
            }
        } catch {
            display.say("drover run: \(error)")
            return ExitStatus.unreachable
        }
        if work.hasHalted { system.worker.finishRunning() }
        return await summarize(jobs, state, display, RunReport(
            jobs: jobs, work: work, broker: system.broker, elapsed: ContinuousClock.now - start,
            interruption: interruption.isSet ? "interrupted" : "halted: enough items have failed"))
    }

    private func summarize(_ jobs: [Job], _ state: ProgressState, _ display: ProgressDisplay, _ report: RunReport) async -> ExitCode {
        display.finish(state)
        let summaries = await report.summaries()
        for summary in summaries where command.progress != .none {
            display.say(display.style == .json ? summary.json : String(summary.text.dropLast()))
        }
        let isComplete = summaries.allSatisfy { $0.outcome == .complete && $0.failedItems.isEmpty || $0.outcome == .complete && work.failures == nil }
        return isComplete ? ExitStatus.complete : ExitStatus.failed
    }

    /// A Job that is gone keeps the last state it was seen in.
    private func states(_ system: PrivateSystem, _ jobs: [Job]) async throws -> [Job] {
        var states: [Job] = []
        for job in jobs {
            states.append(try await system.broker.job(namespace: job.metadata.namespace, name: job.metadata.name) ?? job)
        }
        return states
    }
}
