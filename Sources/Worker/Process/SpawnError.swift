import CLinux
import Glibc

/// Why a process did not start. Nothing of it runs: a half-made child has been reaped.
public struct SpawnError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done when it failed.
    public enum Stage: String, Sendable {
        /// Opening the output file.
        case output
        /// Looking for the command in PATH.
        case resolve
        /// Making the process.
        case clone
        /// Entering its cgroup. See ``SpawnError/isFenced``.
        case cgroup
        case session
        case files
        case limits
        /// Mounting its volumes, making its root read-only.
        case mounts
        case identity
        /// Changing to the working directory.
        case directory
        case privileges
        /// Installing the filter of system calls.
        case filter
        /// Its fence deadline had passed.
        case fence
        /// Telling the guardian.
        case announce
        /// Executing the file.
        case exec
    }

    /// What was being done.
    public var stage: Stage
    /// The errno of that step.
    public var code: Int32
    /// The command, file or directory that it was about.
    public var subject: String

    /// The exit code that shells and runtimes give this failure: 127 command not found, 126 found but not executable,
    /// 128 when the set-up before it failed (StartError).
    public var exitCode: Int32 {
        switch stage {
        case .resolve, .exec: code == ENOENT ? 127 : 126
        default: 128
        }
    }

    /// Whether the guardian had ended this attempt, or removed its cgroup, before the process was made: nothing ran.
    public var isFenced: Bool {
        stage == .fence || (stage == .cgroup && (code == ENODEV || code == ENOENT))
    }

    public var description: String {
        switch stage {
        case .resolve where code == ENOENT: "\(subject): command not found"
        case .resolve, .exec: "\(subject): \(errorText(code))"
        default: "\(subject): \(stage.rawValue): \(errorText(code))"
        }
    }
}

extension SpawnError.Stage {
    /// The stage that the C shim reported.
    init(_ stage: Int32) {
        switch UInt32(stage) {
        case DROVER_STAGE_RESOLVE.rawValue: self = .resolve
        case DROVER_STAGE_CGROUP.rawValue: self = .cgroup
        case DROVER_STAGE_SESSION.rawValue: self = .session
        case DROVER_STAGE_FILES.rawValue: self = .files
        case DROVER_STAGE_LIMITS.rawValue: self = .limits
        case DROVER_STAGE_MOUNTS.rawValue: self = .mounts
        case DROVER_STAGE_IDENTITY.rawValue: self = .identity
        case DROVER_STAGE_DIRECTORY.rawValue: self = .directory
        case DROVER_STAGE_PRIVILEGES.rawValue: self = .privileges
        case DROVER_STAGE_FILTER.rawValue: self = .filter
        case DROVER_STAGE_FENCE.rawValue: self = .fence
        case DROVER_STAGE_ANNOUNCE.rawValue: self = .announce
        case DROVER_STAGE_EXEC.rawValue: self = .exec
        default: self = .clone
        }
    }
}
