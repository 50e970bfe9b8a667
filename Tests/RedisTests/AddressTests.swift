import Redis
import Testing

/// What a URL of each form means, and which are refused.
@Suite struct AddressTests {
    @Test func tcp() throws {
        let address = try RedisAddress("redis://alice:s3cret@10.0.0.1:7000/2")
        #expect(address.endpoint == .tcp(host: "10.0.0.1", port: 7000))
        #expect(address.username == "alice")
        #expect(address.password == "s3cret")
        #expect(address.database == 2)
        #expect(!address.description.contains("s3cret"))
    }

    @Test func defaults() throws {
        #expect(try RedisAddress("redis://host").endpoint == .tcp(host: "host", port: 6379))
        #expect(try RedisAddress("unix:///run/redis.sock").endpoint == .unix(path: "/run/redis.sock"))
    }

    @Test(arguments: ["rediss://host", "http://host", "", "redis://host:port", "unix://"])
    func refused(_ url: String) {
        #expect(throws: RedisError.self) { try RedisAddress(url) }
    }
}
