import Testing
@Suite struct JobControllerTestsPlaceholder { @Test func placeholder() {} }
