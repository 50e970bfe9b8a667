import Glibc
import Redis
import Worker

/// A private redis-server: a child in a session of its own, reached by a Unix socket that only this user may open.
///
/// The terminal's Ctrl-C does not reach it. It does not end by itself when this process dies: the guardian has to be told of it.
final class EmbeddedRedis: Sendable {
    /// What it is started from.
    struct Options: Sendable {
        /// Where its data stays; nil keeps nothing.
        var data: String?
        /// How soon it has to be there.
        var sync = RedisConfiguration.Sync.everySecond
        /// PATH, DROVER_REDIS_SERVER, TMPDIR and XDG_RUNTIME_DIR are read.
        var environment = currentEnvironment()
        /// How long it may take to answer.
        var timeout = Duration.seconds(15)
        /// How long it may take to read its data in, while it says that it does.
        var loadTimeout = Duration.seconds(600)

        init(data: String? = nil) { self.data = data }

        /// Where a private folder may be made, the best first.
        var bases: [String] {
            [environment["TMPDIR"], environment["XDG_RUNTIME_DIR"], "/tmp"].compactMap { $0 }.filter { $0.hasPrefix("/") }
        }
    }

    /// The server; its `end()` tells when it is gone.
    let process: RunningProcess
    let program: RedisProgram
    private let folder: RedisFolder

    private init(_ process: RunningProcess, _ program: RedisProgram, _ folder: RedisFolder) {
        (self.process, self.program, self.folder) = (process, program, folder)
    }

    /// Where to reach it.
    var address: RedisAddress { RedisAddress(endpoint: .unix(path: folder.socket)) }
    var socket: String { folder.socket }
    var pid: Int32 { process.pid }
    /// Its own log.
    var log: String { folder.log }

    /// Starts one and waits until it answers. Whatever fails, or if the task is cancelled, nothing of it is left.
    ///
    /// - Parameter spawned: called with its pid as soon as it runs, to name it to the guardian.
    static func start(
        _ options: Options, reaper: ProcessReaper, spawned: (Int32) throws -> Void = { _ in }
    ) async throws -> EmbeddedRedis {
        let program = try await RedisProgram.find(environment: options.environment, reaper: reaper)
        let folder: RedisFolder
        if let data = options.data {
            folder = try await .persistent(data, bases: options.bases, wait: options.timeout)
        } else {
            folder = try .temporary(below: options.bases)
        }
        let redis: EmbeddedRedis
        do {
            redis = EmbeddedRedis(try spawn(program, folder, options.sync, reaper), program, folder)
        } catch {
            folder.remove()
            throw error
        }
        do {
            try spawned(redis.pid)
            try await redis.waitUntilReady(options)
        } catch {
            await redis.stop()
            throw error
        }
        return redis
    }

    /// Ends it: SIGTERM, on which it writes out what it keeps, then SIGKILL after `grace`. Removes its folder unless it holds data.
    func stop(grace: Duration = .seconds(8)) async {
        process.send(signal: SIGTERM)
        // A stopped process would take its SIGTERM only when continued.
        process.send(signal: SIGCONT)
        if await !eventually(within: grace, { process.status != nil }) {
            process.send(signal: SIGKILL)
            _ = await eventually(within: .seconds(5)) { process.status != nil }
        }
        folder.remove()
        if process.status != nil { folder.unlock() }
    }

    private static func spawn(
        _ program: RedisProgram, _ folder: RedisFolder, _ sync: RedisConfiguration.Sync, _ reaper: ProcessReaper
    ) throws(EmbeddedRedisError) -> RunningProcess {
        let configuration = RedisConfiguration(
            folder: folder.path, socket: folder.socket, log: folder.log, isPersistent: folder.isPersistent, sync: sync)
        try write(configuration.text, to: folder.configuration)
        var spec = ProcessSpec(
            arguments: [program.path, folder.configuration], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: folder.path,
            output: .file(folder.log), errorOutput: .file(folder.log))
        (spec.fileModeMask, spec.inherited) = (0o077, [folder.lock.number])
        do { return try reaper.spawn(spec) } catch { throw EmbeddedRedisError(.start, "redis-server was not started: \(error)") }
    }

    private static func write(_ text: String, to path: String) throws(EmbeddedRedisError) {
        unlink(path)
        let bytes = Array(text.utf8)
        guard let file = Descriptor(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600),
            Glibc.write(file.number, bytes, bytes.count) == bytes.count
        else { throw EmbeddedRedisError(.folder, "\(path): \(errorText(errno))") }
    }

    private func waitUntilReady(_ options: Options) async throws {
        let start = ContinuousClock.now
        var limit = options.timeout
        while true {
            if let status = process.status { throw failure("ended at its start with exit code \(status.exitCode)") }
            switch RedisProbe.ping(folder.socket) {
            case .ready: return
            case .loading: limit = options.loadTimeout
            case .silent: break
            }
            if start.duration(to: .now) > limit { throw failure("did not answer within \(limit)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// How it ended, in a line for people; and with the end of its log, where that may tell more.
    var end: (line: String, story: String) {
        switch process.status {
        case nil: ("redis-server runs", "redis-server runs")
        case .signaled(let number): ("redis-server has ended: killed by signal \(number)", "redis-server has ended: killed by signal \(number)")
        case .exited(let code): ("redis-server has ended with exit code \(code)", failure("has ended with exit code \(code)").description)
        }
    }

    private func failure(_ what: String) -> EmbeddedRedisError {
        let log = Descriptor(path: folder.log, flags: O_RDONLY).map { $0.read(at: Int64(max(0, lseek($0.number, 0, SEEK_END) - 4096)), limit: 4096) }
        let lines = CleanText.lastLines(log ?? [], count: 5, columns: 300)
        return EmbeddedRedisError(.start, "redis-server \(what)" + (lines.isEmpty ? "" : "; its log ends:\n  " + lines.joined(separator: "\n  ")))
    }
}
