import Testing
@Suite struct BrokerTestsPlaceholder { @Test func placeholder() {} }
