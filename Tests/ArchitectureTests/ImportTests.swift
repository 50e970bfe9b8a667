import Testing

/// Arrows between modules run only as listed (the table is README's "Modules"). SwiftPM enforces the targets' dependencies; this test also
/// catches what slips through: system modules, and modules that a dependency lets one see.
@Suite struct ImportTests {
    private static let own: [String: Set<String>] = [
        "Redis": ["CHiredis", "CLinux"],
        "BatchAPI": [],
        "JobController": ["BatchAPI"],
        "Broker": ["BatchAPI"],
        "RedisBroker": ["Broker", "BatchAPI", "Redis"],
        "Worker": ["Broker", "BatchAPI", "CLinux"],
        "Coordinator": ["JobController", "Broker", "BatchAPI"],
        "KubernetesAPI": ["Broker", "BatchAPI", "CZlib"],
        "Simulation": ["Coordinator", "Worker", "JobController", "Broker", "BatchAPI"],
        "Drover": ["RedisBroker", "Redis", "Worker", "Broker", "BatchAPI"],
        "DroverCLI": [
            "Drover", "KubernetesAPI", "Coordinator", "JobController", "Worker", "RedisBroker", "Redis", "Broker", "BatchAPI", "CLinux",
        ],
    ]

    /// What else may be imported, and by whom; a module that is not named here may import none of them.
    private static let outside: [String: Set<String>] = [
        "Redis": ["Glibc", "Dispatch", "Synchronization", "Logging", "DequeModule", "HeapModule"],
        "BatchAPI": ["Yams"],
        "JobController": [],
        "Broker": [],
        "RedisBroker": ["Logging", "Synchronization"],
        "Worker": ["Glibc", "Synchronization", "Logging"],
        "Coordinator": ["Logging", "Metrics", "Synchronization"],
        "KubernetesAPI": [
            "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "ServiceLifecycle", "Logging", "Metrics",
            "Synchronization", "Glibc", "Darwin",
        ],
        "Simulation": ["Synchronization", "Glibc", "DequeModule", "HeapModule", "Logging"],
        "Drover": ["Logging", "Metrics", "ServiceLifecycle", "Synchronization", "Glibc"],
        "DroverCLI": ["ArgumentParser", "Histogram", "Logging", "Glibc", "Dispatch", "Synchronization"],
    ]

    @Test func importsRunOnlyAlongTheArrows() throws {
        for file in try Tree().files("Sources", ["swift"]) {
            let allowed = Self.own[file.module, default: []].union(Self.outside[file.module, default: []])
            for (number, line) in file.lines.enumerated() where line.hasPrefix("import ") || line.contains(" import ") && line.hasPrefix("@") {
                let name = line.split(separator: " ").last.map { String($0.prefix { $0 != "." }) } ?? ""
                #expect(
                    allowed.contains(name),
                    "\(file.path):\(number + 1): \(file.module) may not import \(name): move the code to a module that may, or pass in what it needs")
            }
        }
    }

    /// Pure modules know no clock, no randomness, no environment and no tasks of their own.
    private static let banned: [(word: String, way: String)] = [
        ("ContinuousClock", "take `now` as a parameter"), ("SuspendingClock", "take `now` as a parameter"), ("Date()", "take `now` as a parameter"),
        ("Task.sleep", "return when to look next"), ("Task {", "return what to do and let the caller do it"), ("Task.detached", "return what to do"),
        (".random", "take what was drawn as a parameter"), ("getenv", "take the setting as a parameter"), ("print(", "return a value"),
        ("FileManager", "take the bytes as a parameter"), ("Foundation", "use the standard library"),
    ]

    @Test func pureModulesAreDeterministic() throws {
        for file in try Tree().files("Sources", ["swift"]) where ["BatchAPI", "JobController", "Broker"].contains(file.module) {
            for (number, line) in file.lines.enumerated() {
                let code = line.drop { $0 == " " }
                if code.hasPrefix("//") { continue }
                for (word, way) in Self.banned where code.contains(word) {
                    Issue.record("\(file.path):\(number + 1): `\(word)` in a pure module: \(way)")
                }
            }
        }
    }
}
