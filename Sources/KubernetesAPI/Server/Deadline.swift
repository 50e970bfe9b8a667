import BatchAPI

/// Runs an operation that may not take longer than `limit`: then it is cancelled, and `status` is thrown.
func withDeadline<Result: Sendable>(
    _ limit: Duration, or status: APIStatus = .timedOut, _ operation: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: operation)
        group.addTask {
            try await Task.sleep(for: limit)
            throw status
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
