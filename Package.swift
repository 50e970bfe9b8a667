// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]
let c: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

/// The arrows between modules: a target may import what stands here and nothing else.
/// `Tests/ArchitectureTests` holds the tree to it.
let package = Package(
    name: "drover",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "drover", targets: ["DroverCLI"]),
        .library(name: "Drover", targets: ["Drover"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.9.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CLinux"),
        .target(
            name: "Redis",
            dependencies: [
                "CHiredis", "CLinux",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .target(name: "BatchAPI", dependencies: [.product(name: "Yams", package: "Yams")], swiftSettings: swift),
        .target(name: "JobController", dependencies: ["BatchAPI"], swiftSettings: swift),
        .target(name: "Broker", dependencies: ["BatchAPI"], swiftSettings: swift),
        .target(
            name: "RedisBroker",
            dependencies: ["Broker", "BatchAPI", "Redis", .product(name: "Logging", package: "swift-log")],
            resources: [.embedInCode("Scripts")],
            swiftSettings: swift),
        .target(
            name: "Worker",
            dependencies: ["Broker", "BatchAPI", "CLinux", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swift),
        .target(
            name: "Coordinator",
            dependencies: [
                "JobController", "Broker", "BatchAPI", .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: swift),
        .target(
            name: "KubernetesAPI",
            dependencies: [
                "Broker", "BatchAPI", "CZlib", .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: swift),
        .target(
            name: "Simulation",
            dependencies: [
                "Coordinator", "Worker", "JobController", "Broker", "BatchAPI", .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .target(
            name: "Drover",
            dependencies: [
                "RedisBroker", "Redis", "Worker", "Broker", "BatchAPI", .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"), .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "DroverCLI",
            dependencies: [
                "Drover", "KubernetesAPI", "Coordinator", "JobController", "Worker", "RedisBroker", "Redis", "Broker", "BatchAPI", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .executableTarget(name: "redis-client-bench", dependencies: ["Redis"], path: "bench/redis-client", swiftSettings: swift),
        .executableTarget(
            name: "ledger-bench",
            dependencies: ["RedisBroker", "Redis", "Broker", "BatchAPI", .product(name: "Logging", package: "swift-log")],
            path: "bench/ledger-bench", swiftSettings: swift),
        .executableTarget(
            name: "policy-bench",
            dependencies: [
                "Support", "Coordinator", "Worker", "RedisBroker", "Redis", "Broker", "BatchAPI", .product(name: "Logging", package: "swift-log"),
            ],
            path: "bench/policy-bench", swiftSettings: swift),
        .executableTarget(
            name: "shares-bench",
            dependencies: [
                "Coordinator", "Worker", "RedisBroker", "Redis", "Broker", "BatchAPI", .product(name: "Logging", package: "swift-log"),
            ],
            path: "bench/shares-bench", swiftSettings: swift),
        .executableTarget(name: "simulate", dependencies: ["Simulation", "Support"], path: "bench/simulation", swiftSettings: swift),
        .testTarget(name: "ArchitectureTests", swiftSettings: swift),
        .testTarget(name: "RedisTests", dependencies: ["Redis"], swiftSettings: swift),
        .testTarget(name: "BatchAPITests", dependencies: ["BatchAPI"], resources: [.copy("Fixtures")], swiftSettings: swift),
        .testTarget(name: "JobControllerTests", dependencies: ["JobController", "BatchAPI"], swiftSettings: swift),
        .target(
            name: "Support",
            dependencies: ["Simulation", "RedisBroker", "Redis", "Broker", "BatchAPI", .product(name: "Logging", package: "swift-log")],
            path: "Tests/Support", swiftSettings: swift),
        .testTarget(
            name: "BrokerTests", dependencies: ["Support", "Broker", "RedisBroker", "Simulation", "Redis", "BatchAPI"], swiftSettings: swift),
        .testTarget(name: "WorkerTests", dependencies: ["Worker", "Broker", "CLinux", "BatchAPI"], swiftSettings: swift),
        .testTarget(
            name: "KubernetesAPITests",
            dependencies: [
                "KubernetesAPI", "Simulation", "Coordinator", "JobController", "Broker", "BatchAPI", "CZlib",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"), .product(name: "Metrics", package: "swift-metrics"),
            ],
            resources: [.copy("Fixtures")], swiftSettings: swift),
        .testTarget(name: "CoordinatorTests", dependencies: ["Coordinator", "Broker", "BatchAPI"], swiftSettings: swift),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "Support", "KubernetesAPI", "Coordinator", "Simulation", "RedisBroker", "Redis", "JobController", "Broker", "BatchAPI",
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.copy("Recorded")], swiftSettings: swift),
        .testTarget(name: "SimulationTests", dependencies: ["Support", "Simulation"], swiftSettings: swift),
        .executableTarget(
            name: "handler-example",
            dependencies: [
                "Drover", .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Tests/Example", swiftSettings: swift),
        .testTarget(name: "CLITests", dependencies: ["DroverCLI", "BatchAPI", "Broker", "Worker"], swiftSettings: swift),
        .testTarget(name: "EndToEndTests", dependencies: ["DroverCLI", "handler-example", "BatchAPI"], exclude: ["Python", "Specs/names.txt", "JobPages/Manifests"], swiftSettings: swift),
    ]
)
