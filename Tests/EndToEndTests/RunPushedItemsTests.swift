import Foundation
import Testing

/// `drover run -f JOB --items FILE --results FILE`.
@Suite struct RunPushedItemsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func job(_ runtime: String, _ command: [String], more: String = "") throws -> String {
        let list = try command.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }.joined(separator: ", ")
        return try scratch.write(
            "job.yaml",
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: items}
            spec:
              parallelism: 2
              backoffLimitPerIndex: 0
              template:
                spec:
                  runtimeClassName: \(runtime)
                  restartPolicy: Never
                  containers: [{name: main, image: host, command: [\(list)]}]
            \(more)
            """)
    }

    private func run(_ arguments: [String], input: String? = nil) async throws -> Drover.Result {
        try await Drover.run(["run", "--progress", "json"] + arguments, input: input)
    }

    private static let upper = """
        import json, sys
        for line in sys.stdin:
            item = json.loads(line)
            text = item.get("item", "")
            answer = {"index": item["index"], "error": "no"} if text == "bad" else {"index": item["index"], "ok": True, "result": text.upper()}
            print(json.dumps(answer), flush=True)
        """

    @Test func resultsAreGathered() async throws {
        let file = try job("stream", ["python3", "-c", Self.upper])
        let items = (0..<3000).map { $0 == 700 ? "bad" : "item \($0)" }
        let result = try await run(["-f", file, "--items", "-", "--results", scratch.path("out")], input: items.joined(separator: "\n") + "\n")
        #expect(result.status == 1 && result.errors.contains("\"succeeded\":2999,"), "\(result)")
        let lines = Set(scratch.read("out").split(separator: "\n").map { String($0) })
        #expect(lines == Set(items.enumerated().filter { $0.element != "bad" }.map { #"{"index":\#($0),"result":"\#($1.uppercased())"}"# }))
    }

    @Test func resultsMayGoToStdout() async throws {
        let file = try job("stream", ["python3", "-c", Self.upper])
        let items = try scratch.write("items", "a\0b\nc\0\0")
        let result = try await run(["-f", file, "--items", items, "-0", "--results", "-"])
        #expect(result.status == 0 && result.lines.sorted() == [#"{"index":0,"result":"A"}"#, #"{"index":1,"result":"B\nC"}"#, #"{"index":2,"result":""}"#], "\(result)")
    }

    @Test func processesFindTheirItem() async throws {
        let file = try job("process", ["sh", "-c", #"echo "$JOB_COMPLETION_INDEX $DROVER_ITEM $(cat $DROVER_ITEM_FILE)""#])
        let result = try await run(["-f", file, "--items", "-"], input: "x y\nz")
        #expect(result.status == 0 && result.lines.sorted() == ["0 x y x y", "1 z z"], "\(result)")
        let none = try await run(["-f", file, "--items", "-"], input: "")
        #expect(none.status == 0 && none.lines.isEmpty, "\(none)")
    }

    /// An item is run when it comes, not when all have come.
    @Test func itemsRunAsTheyCome() async throws {
        let file = try job("process", ["sh", "-c", "touch \(scratch.path("ran"))"])
        let script = "(echo one; until test -e \(scratch.path("ran")); do sleep 0.05; done; echo two) | $D run -f \(file) --items -"
        let result = try await Command("/bin/bash", ["-c", script], environment: ["D": Drover.path]).finish(limit: 60)
        #expect(result.status == 0 && result.errors.contains("2 succeeded"), "\(result)")
    }

    @Test func whatIsWrongIsNamed() async throws {
        let file = try job("process", ["true"])
        let long = try await run(["-f", file, "--items", "-"], input: "ok\n" + String(repeating: "x", count: 65_537) + "\n")
        #expect(long.status == 3 && long.errors.contains("stdin:2: the item has more than 65536 bytes"), "\(long)")
        let missing = try await run(["-f", file, "--items", "/no/such"])
        #expect(missing.status == 2 && missing.errors.contains("/no/such: No such file"), "\(missing)")
        let folder = try await run(["-f", file, "--items", "-", "--results", "/no/such/out"], input: "a\n")
        #expect(folder.status == 2 && folder.errors.contains("--results /no/such/out: No such file"), "\(folder)")
        let two = try await run(["-f", file, file, "--items", "-"], input: "a\n")
        #expect(two.status == 2, "\(two)")
    }

    @Test func commandsFindTheirItem() async throws {
        let result = try await run(["-j", "1", "--items", "-", "--", "sh", "-c", #"echo "$JOB_COMPLETION_INDEX $DROVER_ITEM""#, "{}"], input: "a b\nc\n")
        #expect(result.status == 0 && result.lines == ["0 a b", "1 c"], "\(result)")
    }
}
