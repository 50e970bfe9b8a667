import BatchAPI
import Broker
import Worker

/// Creates the Jobs of a run and looks at them until they have ended.
struct RunWatch {
    let system: PrivateSystem
    let work: any RunWork
    let display: ProgressDisplay
    let interruption: Interruption
    private(set) var jobs: [Job]
    private(set) var state: ProgressState
    private let start = ContinuousClock.now

    init(_ system: PrivateSystem, _ work: any RunWork, _ display: ProgressDisplay, _ interruption: Interruption) {
        (self.system, self.work, self.display, self.interruption, jobs) = (system, work, display, interruption, work.jobs)
        state = ProgressState(.init(work.jobs), now: display.now)
    }

    var elapsed: Duration { ContinuousClock.now - start }

    /// How often progress is looked at: short runs must not wait for it.
    private static func interval(after elapsed: Duration) -> Duration { min(.milliseconds(100), max(.milliseconds(5), elapsed / 20)) }

    func create() async throws { for job in jobs { _ = try await system.broker.create(job, settings: work.settings) } }

    /// Until every Job has ended, enough has failed, or something interrupts.
    mutating func run() async throws {
        while !interruption.isSet {
            try await look()
            if interruption.isSet || work.hasHalted || jobs.allSatisfy(\.status.isFinished) { return }
            display.show(state)
            await interruption.pause(Self.interval(after: elapsed))
        }
    }

    /// A Job that is gone keeps the last state it was seen in.
    mutating func look() async throws {
        for (at, job) in jobs.enumerated() {
            jobs[at] = try await system.broker.job(namespace: job.metadata.namespace, name: job.metadata.name) ?? job
        }
        state.update(.init(jobs), now: display.now)
    }
}
