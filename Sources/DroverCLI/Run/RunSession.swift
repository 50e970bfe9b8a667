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

    func run() async -> ExitCode {
        // Before anything is started: a signal must not end us in between.
        let signals = Interrupts.stream()
        let folder: RunFolder
        do { folder = try RunFolder(keeps: command.keep) } catch {
            complain("drover run: \(error)")
            return ExitStatus.unreachable
        }
        let status = await run(in: folder, signals)
        folder.remove()
        return status
    }

    private func run(in folder: RunFolder, _ signals: AsyncStream<Int32>) async -> ExitCode {
        let system: PrivateSystem
        do { system = try await start(folder) } catch {
            complain("drover run: \(error)")
            return ExitStatus.unreachable
        }
        let status = await run(in: system, signals)
        await system.stop()
        return status
    }

    private var shutdownTimeout: Duration { command.shared.shutdownTimeout?.duration ?? SharedOptions.shortTimeout }

    private func start(_ folder: RunFolder) async throws -> PrivateSystem {
        var options = WorkerOptions(name: hostName(), slots: work.slots)
        (options.lease, options.restarts) = (command.shared.lease.duration, command.restarts.backoff)
        options.takesAnything = true
        (options.makesPods, options.keepsEmptyLogs, options.keepsWholeLogs) = (work.makesPods, work.makesPods && command.keep, true)
        options.shutdownTimeout = shutdownTimeout
        let settings = PrivateSystem.Settings(folder: folder.path, worker: options, logger: command.shared.logger("run"))
        return try await PrivateSystem.start(settings, planner: { _ in work.planner }, observer: work)
    }

    private func run(in system: PrivateSystem, _ signals: AsyncStream<Int32>) async -> ExitCode {
        let display = ProgressDisplay(command.progress), interruption = Interruption()
        let safety = SystemGuard(system: system, interruption: interruption, shutdownTimeout: shutdownTimeout) { display.say("drover run: \($0)") }
        let output = StandardOutput(display: display) { if $0 == EPIPE { safety.closePipe() } else { display.say(cannotWrite("run", $0)) } }
        work.show(on: output)
        let guards = [Task { await safety.heed(signals) }, Task { await safety.watchRedis() }]
        let deciding = Task { await coordinator(system).run() }
        let working = Task { try await system.worker.run() }
        let showing = Task { await work.follow() }
        var watch = RunWatch(system, work, display, interruption)
        do {
            try await watch.create()
            let exchanging = Task { await work.exchange(system.broker) { await safety.lose($0) } }
            defer { exchanging.cancel() }
            try await watch.run()
            if interruption.cause == nil, !work.hasHalted { await exchanging.value }
        } catch { await lost(system, safety, error) }
        await end(system, working, interruption.cause)
        showing.cancel()
        await showing.value
        await work.finish()
        let status = await summarize(&watch)
        for guardian in guards { guardian.cancel() }
        deciding.cancel()
        // The lead ends with the store.
        await system.broker.close()
        await deciding.value
        return self.status(status, interruption.cause, await output.failure)
    }

    private func coordinator(_ system: PrivateSystem) -> Coordinator {
        var options = CoordinatorOptions(instance: makeUUID(), address: "private")
        (options.lease, options.policy) = (command.shared.lease.duration, command.policy.policy)
        return Coordinator(broker: system.broker, options: options, time: HostTime(), logger: command.shared.logger("run"))
    }

    /// A call has failed. If Redis is dead, its watcher is about to say so, and why.
    private func lost(_ system: PrivateSystem, _ safety: SystemGuard, _ error: any Error) async {
        if await eventually(within: .seconds(1), { safety.interruption.isSet || system.redis.process.status != nil }) {
            _ = await eventually(within: .seconds(1)) { safety.interruption.isSet }
        }
        if !safety.interruption.isSet { await safety.lose("\(error)") }
    }

    /// After a halt what runs may end by itself.
    private func end(_ system: PrivateSystem, _ working: Task<Void, any Error>, _ cause: Interruption.Cause?) async {
        if cause == nil { if work.hasHalted { system.worker.finishRunning() } else { system.worker.abort() } }
        do { try await working.value } catch { complain("drover run: \(error)") }
    }

    private func summarize(_ watch: inout RunWatch) async -> ExitCode {
        let cause = watch.interruption.cause, display = watch.display
        // Whose pods were cut off is shown as it was before.
        if cause == nil { try? await watch.look() }
        if cause == .brokenPipe { display.clear() } else { display.finish(watch.state) }
        if cause == .signal { try? await watch.look() }
        let report = RunReport(
            jobs: watch.jobs, work: work, broker: watch.system.broker, elapsed: watch.elapsed,
            interruption: cause?.words ?? "halted: enough items have failed")
        let summaries = await report.summaries()
        for summary in summaries where command.progress != .none && cause != .brokenPipe {
            display.say(display.style == .json ? summary.json : String(summary.text.dropLast()))
        }
        return summaries.allSatisfy { $0.outcome.isComplete && ($0.failedItems.isEmpty || work.makesPods) } ? ExitStatus.complete : ExitStatus.failed
    }

    private func status(_ status: ExitCode, _ cause: Interruption.Cause?, _ outputFailure: Int32) -> ExitCode {
        switch cause {
        case .signal: ExitStatus.interrupted
        case .lost: ExitStatus.unreachable
        case .brokenPipe: ExitStatus.brokenPipe
        case nil: outputFailure != 0 && status == ExitStatus.complete ? ExitStatus.unreachable : status
        }
    }
}

extension Interruption.Cause {
    var isLost: Bool { if case .lost = self { true } else { false } }

    /// Why a Job has not ended.
    fileprivate var words: String {
        switch self {
        case .signal: "interrupted"
        case .brokenPipe: "nobody reads the output"
        case .lost(let reason): reason
        }
    }
}
