import BatchAPI
import Testing

/// Manifests with one fault each, and the one line that reports it.
@Suite struct BrokenManifestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var error: String
        var testDescription: String { error }

        init(_ text: String, _ error: String) {
            self.text = text
            self.error = error
        }

        /// A Job whose spec is `spec`, which starts on line 4.
        static func spec(_ spec: String, _ error: String) -> Case {
            Case("apiVersion: batch/v1\nkind: Job\nspec:\n\(spec)", error)
        }

        /// A Job whose only container has `fields`, which start on line 9.
        static func container(_ fields: String, _ error: String) -> Case {
            .spec("  template:\n    spec:\n      containers:\n      - name: c\n        image: i\n\(fields)", error)
        }
    }

    private static let cases: [Case] = [
        Case("", "f.yaml:1: no manifest in it"),
        Case("---\n# nothing\n---\n", "f.yaml:1: no manifest in it"),
        Case("hello", "f.yaml:1: expected an object, found string \"hello\""),
        Case("- a\n", "f.yaml:1: expected an object, found a list"),
        Case("kind: Job\n", "f.yaml:1: apiVersion: missing"),
        Case("\napiVersion: batch/v1\n", "f.yaml:2: kind: missing"),
        Case("apiVersion: batch/v1\nkind: 3\n", "f.yaml:2: kind: expected a string, found integer 3"),
        Case("apiVersion: apps/v1\nkind: Deployment\n", "f.yaml:2: kind: unsupported kind \"Deployment\" of apps/v1 (supported: ConfigMap, Job, PersistentVolumeClaim, Secret)"),
        Case("kind: Job\napiVersion: batch/v1beta1\n", "f.yaml:2: apiVersion: unsupported version \"batch/v1beta1\" of Job (supported: batch/v1)"),
        Case("apiVersion: v1\nkind: List\nitems: 3\n", "f.yaml:3: items: expected a list, found integer 3"),
        Case("apiVersion: v1\nkind: List\nitems:\n- kind: Job\n", "f.yaml:4: items[0].apiVersion: missing"),
        Case("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: 1\n", "f.yaml:4: data[a]: expected a string, found integer 1"),
        Case("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: x\n  a: z\n", "f.yaml:5: data[a]: duplicate key"),
        Case("apiVersion: v1\nkind: Secret\ndata:\n  a: '%'\n", "f.yaml:4: data[a]: is not valid base64"),
        Case("a: b\n c: d\n", "f.yaml:2: mapping values are not allowed in this context"),
        Case("a:\n\tb: c\n", "f.yaml:2: found character that cannot start any token"),
        Case("a: [1, 2\nb: c\n", "f.yaml:2: did not find expected ',' or ']'"),
        Case("a: 'x\n", "f.yaml:2: found unexpected end of stream"),
        Case("a: *b\n", "f.yaml:1: undefined alias \"b\""),
        Case("a: &a [*a]\n", "f.yaml:1: undefined alias \"a\""),
        Case("a: !foo b\n", "f.yaml:1: unsupported tag \"!foo\" or a value that does not fit it"),
        Case("? [a]\n: b\n", "f.yaml:1: a key must be a string"),
        Case("{\"kind\":\n \"Job\",,}", "f.yaml:2: expected a quoted key"),
        Case("{\"a\": 1} x", "f.yaml:1: unexpected text after the JSON value"),
        Case("a: b\nc: \u{0}\n", "f.yaml:2: NUL byte"),
        .spec("  completions: three\n", "f.yaml:4: spec.completions: expected an integer, found string \"three\""),
        .spec("  completions: 1.5\n", "f.yaml:4: spec.completions: expected an integer, found number 1.5"),
        .spec("  completions: [1]\n", "f.yaml:4: spec.completions: expected an integer, found a list"),
        .spec("  completions: 3000000000\n", "f.yaml:4: spec.completions: 3000000000 is out of range (a 32-bit integer)"),
        .spec("  activeDeadlineSeconds: 99999999999999999999\n", "f.yaml:4: spec.activeDeadlineSeconds: 1e+20 is out of range (a 64-bit integer)"),
        .spec("  paralelism: 1\n", "f.yaml:4: spec.paralelism: unknown field"),
        .spec("  suspend: 'true'\n", "f.yaml:4: spec.suspend: expected a boolean (true or false), found string \"true\""),
        .spec("  suspend: true\n  suspend: false\n", "f.yaml:5: spec.suspend: duplicate key"),
        .spec("  template: []\n", "f.yaml:4: spec.template: expected an object, found a list"),
        .container("        args: [1]\n", "f.yaml:9: spec.template.spec.containers[0].args[0]: expected a string, found integer 1"),
        .container("        command: sleep 1\n", "f.yaml:9: spec.template.spec.containers[0].command: expected a list, found string \"sleep 1\""),
        .container("        env:\n        - name: A\n          value: yes\n", "f.yaml:11: spec.template.spec.containers[0].env[0].value: expected a string, found boolean true"),
        .container("        env: [{name: A, value: \"a\\0b\"}]\n", "f.yaml:9: spec.template.spec.containers[0].env[0].value: contains a NUL character"),
        .container(
            "        resources: {limits: {cpu: lots}}\n",
            "f.yaml:9: spec.template.spec.containers[0].resources.limits[cpu]: \"lots\": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
        .container("        livenessProbe: {httpGet: {port: 1.5}}\n", "f.yaml:9: spec.template.spec.containers[0].livenessProbe.httpGet.port: expected an integer or a string, found number 1.5"),
        Case("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  creationTimestamp: today\n", "f.yaml:4: metadata.creationTimestamp: expected a time like 2006-01-02T15:04:05Z, found string \"today\""),
        Case("apiVersion: v1\nkind: ConfigMap\n\"a\\nb\": 1\n", "f.yaml:3: a b: unknown field"),
    ]

    @Test(arguments: cases)
    func isRefused(broken: Case) { #expect(ManifestTests.errors(broken.text) == [broken.error]) }

    @Test func invalidUTF8() {
        #expect(ManifestTests.errors(Array("a: b\nc: ".utf8) + [0xFF, 0x0A]) == ["f.yaml:2: invalid UTF-8"])
    }

    /// The words of a Kubernetes 400 answer for the same faults.
    @Test func decodingTexts() throws {
        let text = #"{"spec":{"parallelism":"two","nope":1,"suspend":true,"suspend":true,"completions":1.5,"backoffLimit":3000000000}}"#
        let problems = Schema.check(try Value.parseNode(json: Array(text.utf8)), as: "Job")
        #expect(Set(problems.map(\.decodingText)) == [
            "json: cannot unmarshal string into Go struct field JobSpec.spec.parallelism of type int32",
            "unknown field \"spec.nope\"", "duplicate field \"spec.suspend\"",
            "json: cannot unmarshal number 1.5 into Go struct field JobSpec.spec.completions of type int32",
            "json: cannot unmarshal number 3000000000 into Go struct field JobSpec.spec.backoffLimit of type int32",
        ])
    }
}
