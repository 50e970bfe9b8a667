import BatchAPI
import Testing

@Suite struct ManifestTests {
    @Test func readsSeveralDocuments() throws {
        let text = """
            # a comment
            ---
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: c}
            data: {a: "1"}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: j
              labels:
                app.kubernetes.io/name: x
            spec:
              parallelism: 0x10
              template:
                spec:
                  containers:
                  - name: c
                    image: busybox
                    command: [sh, -c, 'exit 0']
            ...
            """
        let documents = try Manifest.load(Array(text.utf8), file: "f.yaml")
        #expect(documents.map(\.kind) == ["ConfigMap", "Job"])
        #expect(documents.map(\.line) == [4, 9])
        let job = documents[1]
        #expect(Job(job.value).spec.parallelism == 16)
        #expect(job.line(of: "spec.template.spec.containers[0].image") == 21)
        #expect(job.line(of: "spec.template.spec.containers[0].resources.limits[cpu]") == 20)
        #expect(job.line(of: "metadata.labels[app.kubernetes.io/name]") == 14)
        #expect(job.line(of: "status") == nil)
        let error = job.error(.required("spec.template.spec.restartPolicy", "x"))
        #expect(error.description == "f.yaml:18: spec.template.spec.restartPolicy: Required value: x")
    }

    @Test func readsListsAndJSON() throws {
        let item = #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"k":"YQ=="}}"#
        let list = #"{"apiVersion":"v1","kind":"List","items":[\#(item),\#(item)]}"#
        #expect(try Manifest.load(Array(list.utf8), file: "f").map(\.kind) == ["Secret", "Secret"])
        #expect(try Manifest.load(Array("{apiVersion: v1, kind: Secret, metadata: {name: s}}".utf8), file: "f").count == 1)
    }

    /// YAML 1.1, as kubectl reads it.
    @Test func resolvesScalars() throws {
        let text = """
            apiVersion: batch/v1
            kind: Job
            spec:
              suspend: yes
              manualSelector: off
              parallelism: 1_000
              completions: 0o17
              backoffLimit: 010
              maxFailedIndexes: 1e3
              activeDeadlineSeconds: 0b11
              managedBy: "1"
              completionMode: !!str 5
              ttlSecondsAfterFinished: ~
            """
        let spec = try Manifest.load(Array(text.utf8), file: "f")[0].value["spec"]
        #expect(spec == [
            "suspend": true, "manualSelector": false, "parallelism": 1000, "completions": 15, "backoffLimit": 8,
            "maxFailedIndexes": 1000, "activeDeadlineSeconds": 3, "managedBy": "1", "completionMode": "5",
            "ttlSecondsAfterFinished": .null,
        ])
    }

    @Test func mergesKeys() throws {
        let text = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              labels: &base {a: "1", b: "2"}
              annotations:
                <<: *base
                b: "3"
            """
        let metadata = try Manifest.load(Array(text.utf8), file: "f")[0].value["metadata"]
        #expect(metadata?["annotations"] == ["a": "1", "b": "3"])
    }

    /// Several errors of a file come together, each with its place.
    @Test func reportsAllErrors() {
        let text = "apiVersion: batch/v1\nkind: Job\nspec:\n  a: 1\n  suspend: 3\n---\nkind: Job\n"
        #expect(Self.errors(text) == [
            "f.yaml:4: spec.a: unknown field", "f.yaml:5: spec.suspend: expected a boolean (true or false), found integer 3",
            "f.yaml:7: apiVersion: missing",
        ])
    }

    /// Nine levels of nine aliases are 9^9 nodes; they are refused without being built.
    @Test func boundsAliases() {
        var text = "apiVersion: v1\nkind: ConfigMap\na0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(Self.errors(text).map { $0.hasSuffix("too large once its aliases are expanded") } == [true])
        #expect(Self.errors(text.replacing("a9: &a9 [", with: "? [")).count == 1)
    }

    @Test func boundsDepth() {
        for opening in ["[", "{a: ", "- ", "? "] {
            let text = String(repeating: opening, count: 100_000)
            #expect(Self.errors(text).map { $0.hasSuffix("nested more than 100 levels deep") } == [true], "\(opening)")
        }
        let nested = "a: &a " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + "\nb: "
        #expect(Self.errors(nested + String(repeating: "[", count: 60) + "*a" + String(repeating: "]", count: 60)).count == 1)
    }

    @Test func boundsSize() {
        let errors = Self.errors(String(repeating: "# a comment\n", count: 1_000_000))
        #expect(errors == ["f.yaml:1: larger than 10 MiB"])
    }

    static func errors(_ text: String) -> [String] { errors(Array(text.utf8)) }

    static func errors(_ bytes: [UInt8]) -> [String] {
        do throws(ManifestErrors) {
            _ = try Manifest.load(bytes, file: "f.yaml")
            return []
        } catch {
            return error.errors.map(\.description)
        }
    }
}
