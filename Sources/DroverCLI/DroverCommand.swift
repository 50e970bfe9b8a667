import ArgumentParser

/// `drover`: Kubernetes Jobs on plain Linux hosts with nothing but Redis.
struct DroverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drover",
        abstract: "Kubernetes Jobs on plain Linux hosts with nothing but Redis.",
        discussion: """
            Every flag may also be set by an environment variable: --pod-failure-backoff-base as \
            DROVER_POD_FAILURE_BACKOFF_BASE, -j as DROVER_JOBS or DROVER_J. What does not go with the other arguments is passed over.
            """,
        version: "0.1.0",
        subcommands: [RunCommand.self, UpCommand.self, CoordinatorCommand.self, WorkerCommand.self, BenchCommand.self])
}
