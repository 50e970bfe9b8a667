import Foundation
import Testing

/// Runs the real binary of this build.
enum Drover {
    /// Beside the test bundle.
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "drover").path
    }()

    /// What a command printed and how it ended.
    struct Result: CustomStringConvertible {
        var status: Int32
        var output: String
        var errors: String
        var seconds: Double

        var lines: [String] { output.split(separator: "\n").map { String($0) } }
        var description: String { "exit \(status) after \(seconds) s\nstdout: \(output.suffix(3000))\nstderr: \(errors.suffix(3000))" }
    }

    /// Runs `drover` to its end; killed after `limit` seconds.
    static func run(_ arguments: [String], environment: [String: String] = [:], input: String? = nil, limit: Double = 120) async throws -> Result {
        let command = try Command(path, arguments, environment: environment, input: input)
        return try await command.finish(limit: limit)
    }
}

/// A child process whose output goes to files, so that nothing it leaves behind can hold us up.
final class Command: @unchecked Sendable {
    let process = Process()
    let folder: Scratch
    private let started = Date()

    init(_ path: String, _ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws {
        folder = try Scratch()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        for name in ["out", "err", "in"] { _ = FileManager.default.createFile(atPath: folder.path(name), contents: Data((input ?? "").utf8)) }
        try Data().write(to: URL(filePath: folder.path("out")))
        try Data().write(to: URL(filePath: folder.path("err")))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder.path("out")))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.path("err")))
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: folder.path("in")))
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }
    var output: String { folder.read("out") }
    var errors: String { folder.read("err") }
    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for its end; kills it after `limit` seconds.
    func finish(limit: Double) async throws -> Drover.Result {
        let ended = await wait(seconds: limit) { !self.process.isRunning }
        if !ended {
            signal(SIGKILL)
            Issue.record("\(process.arguments ?? []) still ran after \(limit) s")
        }
        process.waitUntilExit()
        let status = process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        return Drover.Result(status: status, output: output, errors: errors, seconds: Date().timeIntervalSince(started))
    }

    /// Ends it, whatever it does.
    func end() {
        if process.isRunning {
            signal(SIGKILL)
            process.waitUntilExit()
        }
    }
}

/// A folder that goes with its last reference.
final class Scratch: Sendable {
    let root: String

    init() throws {
        root = "/tmp/drover-test-" + UUID().uuidString.prefix(8).lowercased()
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
    }

    func path(_ name: String) -> String { root + "/" + name }
    func read(_ name: String) -> String { (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? "" }
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }
}

/// Waits until something holds; false after `seconds`.
func wait(seconds: Double, _ condition: @Sendable () async throws -> Bool) async rethrows -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while try await !condition() {
        if Date() >= end { return false }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return true
}

/// The project's root.
let projectRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
