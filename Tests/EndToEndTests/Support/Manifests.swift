/// Jobs for the tests, as YAML.
enum Manifests {
    /// A Job of one container that runs a shell script.
    static func job(_ name: String, spec: [String] = [], restart: String = "Never", script: String, pod: [String] = []) -> String {
        let fields = spec.map { "  \($0)\n" }.joined()
        let podFields = pod.map { "      \($0)\n" }.joined()
        return """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: \(name)
            spec:
            \(fields)  template:
                spec:
            \(podFields)      restartPolicy: \(restart)
                  containers:
                  - name: main
                    image: busybox
                    command:
                    - /bin/sh
                    - -c
                    - |
            \(script.split(separator: "\n").map { "          " + $0 }.joined(separator: "\n"))

            """
    }
}
