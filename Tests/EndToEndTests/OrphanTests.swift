import Foundation
import Testing

/// A worker and its guardian are both killed: nobody is left to end their pods but the next worker of the name, which finds them by cgroup, or by session.
@Suite(.serialized, .enabled(if: geteuid() == 0, "cgroups need root")) struct OrphanTests {
    private static let noCgroups = ["unshare", "-m", "sh", "-c", "umount -l -a -t cgroup2,cgroup; exec \"$@\"", "sh"]

    @Test(arguments: [true, false]) func theSuccessorEndsThemBeforeItClaims(hasCgroups: Bool) async throws {
        let scratch = try Scratch(), socket = scratch.path("s")
        let redis = try Command("/usr/bin/env", ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", scratch.root])
        defer { redis.end() }
        #expect(await wait(seconds: 30) { FileManager.default.fileExists(atPath: socket) })
        let port = FreePort.some(1)[0], url = "http://127.0.0.1:\(port)", store = ["DROVER_REDIS": "unix://" + socket]
        let coordinator = try Command(Drover.path, ["coordinator", "--listen", "127.0.0.1:\(port)", "--pod-failure-backoff-base", "100ms"], environment: store)
        defer { coordinator.end() }
        func worker() throws -> Command {
            let command = [Drover.path, "worker", "--name", "w", "--lease", "3s", "--data", scratch.path("w")]
            return try Command("/usr/bin/env", hasCgroups ? command : Self.noCgroups + command, environment: store)
        }
        let first = try worker()
        defer { first.end() }
        let script = """
            for p in $(cat \(scratch.path("pids")) 2> /dev/null); do kill -0 $p 2> /dev/null && echo $p >> \(scratch.path("overlaps")); done
            echo $$$$ >> \(scratch.path("pids"))
            [ $(wc -l < \(scratch.path("pids"))) -ge 2 ] && exit 0
            trap '' TERM; sleep 600; sleep 600
            """
        let job = Manifests.job("orphan", script: script)
        let isMade = try await wait(seconds: 30) {
            try await Command("/usr/bin/env", ["curl", "-sf", "-H", "Content-Type: application/yaml", "--data-binary", "@-", url + "/apis/batch/v1/namespaces/default/jobs"], input: job)
                .finish(limit: 30).status == 0
        }
        #expect(isMade, "\(coordinator.errors)")
        #expect(await wait(seconds: 30) { scratch.read("pids").hasSuffix("\n") }, "\(first.errors)")
        let orphan = try #require(Int32(scratch.read("pids").trimmingCharacters(in: .whitespacesAndNewlines)))
        if !hasCgroups { #expect(await wait(seconds: 30) { Self.book(in: scratch.path("w")) > 36 }, "the guardian has noted the session") }
        let guardian = try #require(Self.guardian(of: first.pid))
        kill(guardian, SIGSTOP)
        first.end()
        kill(guardian, SIGKILL)
        #expect(Processes.isAlive(orphan), "nobody has ended it yet")
        let second = try worker()
        defer { second.end() }
        #expect(await wait(seconds: 60) { scratch.read("pids").split(separator: "\n").count == 2 }, "\(second.errors)")
        #expect(!Processes.isAlive(orphan) && scratch.read("overlaps").isEmpty, "two attempts of one item ran at once")
        second.signal(SIGTERM)
        _ = try await second.finish(limit: 30)
        #expect(Self.book(in: scratch.path("w")) == 0, "no notes are left")
    }

    /// The bytes of all notes of sessions.
    private static func book(in folder: String) -> Int {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix("sessions.") }
        return names.reduce(0) { $0 + (FileManager.default.contents(atPath: folder + "/" + $1)?.count ?? 0) }
    }

    private static func guardian(of worker: Int32) -> Int32? {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.first { pid in
            guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"), String(decoding: line, as: UTF8.self).contains("__guardian") else { return false }
            let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
            return status.contains("PPid:\t\(worker)\n")
        }
    }
}
