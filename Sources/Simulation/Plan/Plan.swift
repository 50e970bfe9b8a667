import BatchAPI
import Broker

/// All that a run is made of, drawn from its seed: Jobs, edits, faults. What is dropped from it changes nothing else.
public struct Plan: Sendable {
    /// How a container goes.
    struct Fate: Sendable {
        var life: Duration
        var code: Int
        var ignoresTerm: Bool
    }

    /// How the containers of a Job go.
    struct Conduct: Sendable {
        var failing = 10
        /// Indexes that fail at every try.
        var stubborn: Set<Int> = []
        var codes = [1]
        var life = 10...3000
        var deaf = 5
    }

    struct Submission: Sendable {
        var at: Duration
        var job: Job
        var conduct: Conduct
        /// As `run -- CMD` submits.
        var settings: LedgerSettings
        /// How many items are pushed once the Job is there, a few at a time; nil: it has them as it is.
        var items: Int?
    }

    /// Something that happens at a moment.
    struct Event: Sendable, CustomStringConvertible {
        var at: Duration
        var what: Deed
        var description: String { "\(at): \(what)" }
    }

    enum Deed: Sendable {
        case killWorker(Int, back: Duration)
        case pauseWorker(Int, Duration)
        case cutWorker(Int, Duration)
        case drainWorker(Int)
        case killCoordinator(Int, back: Duration)
        case pauseCoordinator(Int, Duration)
        case cutCoordinator(Int, Duration)
        case restartStore(away: Duration)
        case rollBackStore(away: Duration)
        case jumpClock(Int, Int64)
        case edit(job: Int, Edit)
    }

    enum Edit: Sendable {
        case parallelism(Int)
        case suspend, resume
        case completions(Int)
        case deadline(Int)
        case backoffLimit(Int)
        case deletePod(Int, grace: Int)
        case delete(String)
    }

    public let seed: UInt64
    var workers = 2
    var slots = 4
    var coordinators = 2
    var lease = Duration.seconds(3)
    var noise = Network.Noise()
    var jobs: [Submission] = []
    var events: [Event] = []

    /// Whether the store may come back older, so that what it forgot is not held against anybody.
    var rollsBack: Bool {
        events.contains {
            if case .rollBackStore = $0.what { return true }
            return false
        }
    }

    /// How long a container at that index would live.
    func life(of job: String, index: Int) -> Duration {
        let conduct = jobs.first { $0.job.metadata.uid == job }?.conduct ?? Conduct()
        var lot = SplitMix(state: seed ^ UInt64(index) &* 0x9e37_79b9)
        return lot.milliseconds(conduct.life)
    }

    /// How one container goes: always the same for the same attempt.
    func fate(of grant: Grant, restart: Int) -> Fate {
        let conduct = jobs.first { $0.job.metadata.uid == grant.job }?.conduct ?? Conduct()
        var lot = SplitMix(state: seed ^ UInt64(bitPattern: grant.token) &* 0x9e37_79b9 ^ UInt64(restart) << 40)
        let isStubborn = grant.items.map { conduct.stubborn.contains($0.lowerBound) } ?? false
        let fails = isStubborn || lot.chance(conduct.failing)
        return Fate(life: lot.milliseconds(conduct.life), code: fails ? lot.pick(conduct.codes) : 0, ignoresTerm: lot.chance(conduct.deaf))
    }
}
