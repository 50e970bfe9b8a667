/// How a process ended.
public enum ExitStatus: Sendable, Equatable {
    /// It called exit with this code, 0...255.
    case exited(Int32)
    /// This signal killed it.
    case signaled(Int32)

    /// The code that a container status shows: the exit code, or 128 + n for death by signal n (rule P5).
    public var exitCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
