import Foundation
import Testing

/// A kubectl of a certain release.
struct KubectlVersion: Sendable, CustomTestStringConvertible {
    /// As "1.33".
    var release: String
    var path: String

    var testDescription: String { "kubectl \(release)" }

    /// Those of 1.27 to 1.33 that this machine has, oldest first; says which ones it lacks.
    static let all: [KubectlVersion] = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = ["/usr/lib/google-cloud-sdk/bin", "/opt/google-cloud-sdk/bin"] + path.split(separator: ":").map { String($0) }
        return (27...33).compactMap { minor in
            let found = folders.map { "\($0)/kubectl.1.\(minor)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
            if found == nil { print("kubectl 1.\(minor) is not on this machine: not tested") }
            return found.map { KubectlVersion(release: "1.\(minor)", path: $0) }
        }
    }()

    /// The oldest and the newest, which run every command.
    static let ends: [KubectlVersion] = all.count > 1 ? [all[0], all[all.count - 1]] : all
}
