import BatchAPI
import Broker
import Testing

@testable import RedisBroker

@Suite struct JobCacheTests {
    private let cache = JobCache(limit: 1000)

    /// Asks for a Job; whether it was parsed for that.
    private func isParsed(_ object: String, _ status: String = "{}", version: String) throws -> Bool {
        var isParsed = false
        _ = try cache.job(Array(object.utf8), Array(status.utf8), version) { () throws(BrokerError) -> Job in
            isParsed = true
            return Job(.object([:]))
        }
        return isParsed
    }

    @Test func whatIsStoredDecides() throws {
        #expect(try isParsed("a", version: "1") && !isParsed("a", version: "1"))
        // The same version with something else behind it.
        #expect(try isParsed("b", version: "1") && !isParsed("b", version: "1"))
        #expect(try isParsed("b", "{\"active\":1}", version: "1"))
    }

    @Test func itIsBounded() throws {
        let object = String(repeating: "x", count: 98)
        for version in 0..<100 { #expect(try isParsed(object, version: "\(version)")) }
        #expect(try !isParsed(object, version: "99") && isParsed(object, version: "0"))
    }
}
