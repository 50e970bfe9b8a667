import ArgumentParser
import Drover
import Glibc
import Worker

/// A benchmark from start to end: all points of a sweep, round by round, so that noise hits all alike.
struct BenchSession {
    let settings: BenchSettings
    let points: [BenchPoint]
    let display: ProgressDisplay
    let printsJSON: Bool

    func run() async -> ExitCode {
        // Before anything is started: a signal must not end us in between.
        let signals = Interrupts.stream()
        let work = Task { try await measure() }
        let heeding = Task {
            var count = 0
            for await _ in signals {
                count += 1
                work.cancel()
                // The parts end by themselves.
                if count > 1 { _exit(130) }
            }
        }
        defer { heeding.cancel() }
        do { return try await work.value } catch {
            display.clear()
            if work.isCancelled { return ExitStatus.interrupted }
            display.say("drover bench: \(error)")
            return ExitStatus.unreachable
        }
    }

    private func measure() async throws -> ExitCode {
        let folder = try RunFolder(keeps: false)
        defer { folder.remove() }
        let system = try await BenchSystem(settings, folder: folder.path)
        let result: Result<(BenchHost, [PointFigures]), any Error>
        do { result = .success(try await measure(system)) } catch { result = .failure(error) }
        // Whether or not this task is cancelled.
        await Task { await system.end() }.value
        let (host, figures) = try result.get()
        return report(figures, host)
    }

    private func measure(_ system: BenchSystem) async throws -> (BenchHost, [PointFigures]) {
        let host = try await BenchHost.of(system)
        display.note("drover bench: \(points.count) \(points.count == 1 ? "point" : "points"), \(settings.rounds) rounds, \(host.text)")
        var runs = BenchRounds(system: system, points: points, display: display)
        do { try await runs.run() } catch {
            await Task { [runs] in await runs.end() }.value
            throw error
        }
        await runs.end()
        return (host, runs.figures)
    }

    private func report(_ figures: [PointFigures], _ host: BenchHost) -> ExitCode {
        display.clear()
        let text =
            printsJSON
            ? ([host.json] + figures.map { BenchJSON(figures: $0).line }).joined(separator: "\n")
            : String(BenchText(figures: figures).text.dropLast())
        let failure = say(text)
        let faults = figures.flatMap(\.faults)
        for fault in faults { display.say("drover bench: not exact: \(fault)") }
        if failure == EPIPE { return ExitStatus.brokenPipe }
        if failure != 0 {
            display.say(cannotWrite("bench", failure))
            return ExitStatus.unreachable
        }
        return faults.isEmpty ? ExitStatus.complete : ExitStatus.failed
    }
}

extension ProgressDisplay {
    /// A line about what has been done, for people.
    func note(_ line: String) { if style == .bar || style == .plain { say(line) } }
}
