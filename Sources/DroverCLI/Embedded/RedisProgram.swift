import CLinux
import Glibc
import Worker

/// The redis-server to run.
struct RedisProgram: Sendable, Equatable {
    /// The oldest that has Functions as the ledger uses them.
    static let oldest = (major: 7, minor: 0)

    var path: String
    var version: String

    private static let another = "name another one by DROVER_REDIS_SERVER"

    /// Finds it by `$DROVER_REDIS_SERVER`, else on PATH, and asks for its version.
    static func find(environment: [String: String], reaper: ProcessReaper) async throws(EmbeddedRedisError) -> RedisProgram {
        let path = try locate(environment)
        let answer = try await ask(path, environment: environment, reaper: reaper)
        guard let version = version(in: answer) else {
            throw EmbeddedRedisError(.unsuitable, "\(path) --version does not tell a version: is it redis-server? Or \(another)")
        }
        guard isNewEnough(version) else {
            let wanted = "\(oldest.major).\(oldest.minor)"
            throw EmbeddedRedisError(.unsuitable, "\(path) is version \(version), and \(wanted) or newer is needed: upgrade it or \(another)")
        }
        return RedisProgram(path: path, version: version)
    }

    static func locate(_ environment: [String: String]) throws(EmbeddedRedisError) -> String {
        if let path = environment["DROVER_REDIS_SERVER"], !path.isEmpty {
            guard isExecutable(path) else { throw EmbeddedRedisError(.missing, "DROVER_REDIS_SERVER names \(path), which is not an executable file") }
            return path
        }
        for folder in (environment["PATH"] ?? "").split(separator: ":") where isExecutable(folder + "/redis-server") {
            return folder + "/redis-server"
        }
        throw EmbeddedRedisError(
            .missing, "redis-server not found on PATH: install it (Debian: apt-get install redis-server) or \(another)")
    }

    private static func isExecutable(_ path: String) -> Bool {
        var state = stat()
        return stat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    private static func ask(_ path: String, environment: [String: String], reaper: ProcessReaper) async throws(EmbeddedRedisError) -> String {
        var ends: [Int32] = [-1, -1]
        let state = drover_pipe(&ends, 0)
        guard state == 0 else { throw EmbeddedRedisError(.start, "no pipe to ask \(path) for its version: \(errorText(-state))") }
        let answer = Descriptor(owning: ends[0]), output = Descriptor(owning: ends[1])
        let spec = ProcessSpec(
            arguments: [path, "--version"], environment: ["PATH": environment["PATH"] ?? ""],
            output: .descriptor(output.number), errorOutput: .descriptor(output.number))
        let process: RunningProcess
        do { process = try reaper.spawn(spec) } catch { throw EmbeddedRedisError(.missing, "\(error)") }
        if await !eventually(within: .seconds(10), { process.status != nil }) {
            process.send(signal: SIGKILL)
            throw EmbeddedRedisError(.unsuitable, "\(path) --version did not end within 10 s")
        }
        // What it wrote fits into the pipe; more than that would have kept it from ending.
        guard drover_wait_readable(answer.number, 0) == 1 else { return "" }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(answer.number, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// `7.0.15` of `Redis server v=7.0.15 sha=...`.
    static func version(in answer: String) -> String? {
        guard let word = answer.split(whereSeparator: \.isWhitespace).first(where: { $0.hasPrefix("v=") }) else { return nil }
        return word.dropFirst(2).first?.isNumber == true ? String(word.dropFirst(2)) : nil
    }

    static func isNewEnough(_ version: String) -> Bool {
        let parts = version.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        return (parts.first ?? 0, parts.count > 1 ? parts[1] : 0) >= oldest
    }
}

/// Asks `condition` at short intervals until it holds (true) or `limit` has passed; goes on if the task is cancelled.
func eventually(within limit: Duration, _ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while !condition() {
        if ContinuousClock.now >= end { return false }
        await Task.detached { try? await Task.sleep(for: .milliseconds(5)) }.value
    }
    return true
}
