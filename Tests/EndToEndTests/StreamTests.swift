import Foundation
import Testing

/// One long-lived process per slot, items as lines: handlers in any language.
@Suite struct StreamTests {
    private static func manifest(_ name: String, items: Int, command: [String], perIndex: Bool = true) -> String {
        let list = command.map { line in (try? JSONEncoder().encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "" }.joined(separator: ", ")
        return """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: \(name)}
            spec:
              completions: \(items)
              parallelism: 2
              completionMode: Indexed
              \(perIndex ? "backoffLimitPerIndex: 0" : "backoffLimit: 0")
              template:
                spec:
                  runtimeClassName: stream
                  restartPolicy: Never
                  containers: [{name: main, image: host, command: [\(list)]}]
            """
    }

    private func run(_ manifest: String) async throws -> Drover.Result {
        let scratch = try Scratch()
        return try await Drover.run(["run", "-f", try scratch.write("job.yaml", manifest), "--progress", "json"])
    }

    static let python = """
        import json, os, sys
        print("begins", os.getpid(), file=sys.stderr)
        for line in sys.stdin:
            index = json.loads(line)["index"]
            if index == 50: os._exit(3)
            answer = {"index": index, "ok": True}
            if index % 100 == 7: answer = {"index": index, "error": "seven"}
            print(json.dumps(answer), flush=True)
        """

    @Test func aCrashFailsOnlyTheItemItWasOn() async throws {
        let result = try await run(Self.manifest("python", items: 1000, command: ["python3", "-c", Self.python]))
        #expect(result.status == 1, "\(result)")
        #expect(result.errors.contains("\"succeeded\":989,"), "\(result)")
        #expect(result.errors.contains("the process ended with exit code 3"), "\(result)")
    }

    @Test func aShellWillDo() async throws {
        let script = #"while read -r line; do index=${line#*:}; index=${index%\}}; echo "{\"index\":$index,\"ok\":true}"; done"#
        let result = try await run(Self.manifest("shell", items: 2000, command: ["sh", "-c", script]))
        #expect(result.status == 0 && result.errors.contains("\"succeeded\":2000,"), "\(result)")
    }

    @Test func whatIsNoHandlerSaysWhy() async throws {
        let chatty = try await run(Self.manifest("chatty", items: 3, command: ["sh", "-c", "read line; echo hello; sleep 60"], perIndex: false))
        #expect(chatty.status == 1, "\(chatty)")
        #expect(chatty.errors.contains("no outcome of an item that was sent: hello"), "\(chatty)")
        let missing = try await run(Self.manifest("missing", items: 3, command: ["/no/such/program"], perIndex: false))
        #expect(missing.status == 1 && missing.errors.contains("/no/such/program"), "\(missing)")
    }
}
