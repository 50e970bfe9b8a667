import Testing

/// What is served, seen by programs that others wrote: the official Python client, and the published schemas.
@Suite(.serialized, .sharedUp) struct PythonTests {
    @Test(arguments: ["informer.py", "lifecycle.py", "updates.py", "schemas.py"]) func script(_ name: String) async throws {
        try await PythonClient.check(name, try #require(SharedUp.current))
    }
}
