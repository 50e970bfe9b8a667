import Testing

/// One `drover up` for all tests of a suite.
struct SharedUp: SuiteTrait, TestScoping {
    @TaskLocal static var current: Up?
    let isRecursive = false

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        let up = try await Up()
        defer { up.end() }
        try await Self.$current.withValue(up) { try await function() }
    }
}

extension Trait where Self == SharedUp {
    static var sharedUp: Self { SharedUp() }
}
