import ArgumentParser

/// The exit statuses that others' scripts rely on.
enum ExitStatus {
    /// Every Job is Complete.
    static let complete = ExitCode(0)
    /// A Job has Failed.
    static let failed = ExitCode(1)
    /// Wrong usage, or a manifest that can't be taken.
    static let invalid = ExitCode(2)
    /// Redis or another part is out of reach.
    static let unreachable = ExitCode(3)
    static let interrupted = ExitCode(130)
    /// Nobody reads the output: as if by SIGPIPE.
    static let brokenPipe = ExitCode(141)
}
