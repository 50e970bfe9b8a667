import ArgumentParser
import JobController
import Logging
import Worker

/// Flags of every command that runs part of the system.
struct SharedOptions: ParsableArguments {
    @Option(help: "After this long without a sign of life a worker's attempts, or the lead, are given to others; at least 1s.")
    var lease = DurationArgument(.seconds(30))

    @Option(help: "How long what runs gets to end when this is told to stop. (default: 8s; worker: 30s)")
    var shutdownTimeout: DurationArgument?
    /// Of `run` and `up`, which are to be gone within 10 s.
    static let shortTimeout = Duration.seconds(8)

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = LogLevel(.notice)

    func validate() throws {
        if lease.milliseconds < 1000 { throw ValidationError("--lease must be at least 1s") }
    }

    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label)
        logger.logLevel = logLevel.level
        return logger
    }
}

extension ProgressMode: ExpressibleByArgument {}

struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init(_ level: Logger.Level) { self.level = level }
    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    var defaultValueDescription: String { level.rawValue }
    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}

/// Back-off between pods (R33, R37), the coordinator's part.
struct PolicyOptions: ParsableArguments {
    @Option(help: "The delay before a failed pod's replacement; doubled with each failure in a row.")
    var podFailureBackoffBase = DurationArgument(.seconds(10))

    @Option(help: "The longest such delay.")
    var podFailureBackoffMax = DurationArgument(.seconds(600))

    var policy: Options {
        var options = Options()
        options.podFailureBackoffBase = podFailureBackoffBase.milliseconds
        options.podFailureBackoffMax = podFailureBackoffMax.milliseconds
        return options
    }
}

/// Back-off between restarts in place (P4), the worker's part.
struct RestartOptions: ParsableArguments {
    @Option(help: "The delay before a container's second restart in place; doubled with each one after it.")
    var containerRestartBackoffBase = DurationArgument(.seconds(10))

    @Option(help: "The longest such delay.")
    var containerRestartBackoffMax = DurationArgument(.seconds(300))

    var backoff: RestartBackoff { RestartBackoff(base: containerRestartBackoffBase.duration, maximum: containerRestartBackoffMax.duration) }
}
