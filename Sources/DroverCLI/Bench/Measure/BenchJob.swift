import BatchAPI
import Glibc

/// A Job of a benchmark.
struct BenchJob: Sendable {
    /// What its pods run on: `handler` of that name, or the command of a container.
    enum Work: Sendable {
        case handler(String)
        case process([String])
        case stream(String)
    }

    var work: Work
    /// nil: items are pushed.
    var items: Int?
    var parallelism: Int
    /// Nothing runs before it is resumed.
    var isSuspended = false

    init(_ work: Work, items: Int?, parallelism: Int) { (self.work, self.items, self.parallelism) = (work, items, parallelism) }

    /// As JSON.
    func manifest(name: String, mark: String) -> String {
        var spec: Value = [
            "parallelism": .int(Int64(parallelism)), "completionMode": "Indexed", "backoffLimit": 0, "suspend": .bool(isSuspended),
            // Of a worker that is killed.
            "podFailurePolicy": ["rules": [["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]]]],
            "template": ["spec": template(mark)],
        ]
        if let items { spec["completions"] = .int(Int64(items)) }
        var metadata: Value = ["name": .string(name), "labels": [BenchPart.label: .string(mark)]]
        if items == nil { metadata["annotations"] = [Job.itemsAnnotation: "true"] }
        return (["apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec] as Value).encoded()
    }

    private func template(_ mark: String) -> Value {
        var container: Value = ["name": "main", "image": "host"], template: Value = ["restartPolicy": "Never"]
        switch work {
        case .handler(let name):
            container["image"] = .string(name)
            template["runtimeClassName"] = "handler"
        case .process(let command): container["command"] = .strings(command)
        case .stream(let command):
            container["command"] = .strings(["/bin/sh", "-c", command])
            template["runtimeClassName"] = "stream"
        }
        if !isHandler {
            container["env"] = [["name": "PATH", "value": .string(environment("PATH") ?? "/usr/bin:/bin")]]
            template["nodeSelector"] = [BenchPart.label: .string(mark)]
            template["tolerations"] = [["key": .string(BenchPart.label), "operator": "Exists"]]
        }
        template["containers"] = [container]
        return template
    }

    private var isHandler: Bool { if case .handler = work { true } else { false } }
}

extension BenchWorkload {
    func work(_ mark: String, streamCommand: String) -> BenchJob.Work {
        switch self {
        case .nothing, .sleep, .cpu: .handler(handler(mark))
        case .process: .process(["/bin/true"])
        case .stream: .stream(streamCommand)
        }
    }
}

/// The handler of `stream` items that is taken unless another is named.
enum StreamHandler {
    /// As the documentation has it, in Python if there is one, else in a shell.
    static func command(path: String) -> String {
        let hasPython = path.split(separator: ":").contains { access($0 + "/python3", X_OK) == 0 }
        return hasPython ? "exec python3 -c '\(python)'" : shell
    }

    static let python = """
        import json, sys
        for line in sys.stdin:
            item = json.loads(line)
            print(json.dumps({"index": item["index"], "ok": True}), flush=True)
        """

    static let shell = #"while read -r line; do index=${line#*:}; index=${index%%[,\}]*}; echo "{\"index\":$index,\"ok\":true}"; done"#
}
