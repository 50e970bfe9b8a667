import Redis
import Testing

@Suite struct AddressTests {
    static let good: [(String, RedisAddress)] = [
        ("redis://h", .init(endpoint: .tcp(host: "h", port: 6379))),
        ("redis://h:7000/3", .init(endpoint: .tcp(host: "h", port: 7000), database: 3)),
        ("redis://h/", .init(endpoint: .tcp(host: "h", port: 6379))),
        ("redis://:pw@h", .init(endpoint: .tcp(host: "h", port: 6379), password: "pw")),
        ("redis://u:p%40w@h", .init(endpoint: .tcp(host: "h", port: 6379), username: "u", password: "p@w")),
        ("redis://u:p@w@h", .init(endpoint: .tcp(host: "h", port: 6379), username: "u", password: "p@w")),
        ("redis://[::1]:7", .init(endpoint: .tcp(host: "::1", port: 7))),
        ("unix:///tmp/r.sock", .init(endpoint: .unix(path: "/tmp/r.sock"))),
        ("unix:///tmp/r.sock?db=4", .init(endpoint: .unix(path: "/tmp/r.sock"), database: 4)),
        ("unix://u:p@/tmp/r.sock", .init(endpoint: .unix(path: "/tmp/r.sock"), username: "u", password: "p")),
    ]

    @Test(arguments: good) func parses(_ url: String, _ address: RedisAddress) throws {
        #expect(try RedisAddress(url) == address)
    }

    @Test(arguments: [
        "", "h:6379", "http://h", "rediss://h", "redis://", "redis://:6379", "redis://h:0", "redis://h:99999", "redis://h:x",
        "redis://h/x", "redis://h/-1", "redis://h?db=1", "redis://%zz:a@h", "unix://", "unix:///", "unix://tmp/r.sock",
        "unix:///r?x=1", "redis://[::1]x",
    ])
    func refuses(_ url: String) {
        #expect(throws: RedisError.self) { try RedisAddress(url) }
    }

    @Test func refusesTLSClearly() {
        let error = #expect(throws: RedisError.self) { try RedisAddress("rediss://h") }
        #expect(error?.code == .invalidURL)
        #expect(error?.message.contains("TLS") == true)
    }

    @Test func neverShowsThePassword() throws {
        let address = try RedisAddress("redis://u:secret@h:1/2")
        #expect("\(address)" == "redis://u:***@h:1/2")
        #expect(!String(reflecting: address).contains("secret"))
        let error = #expect(throws: RedisError.self) { try RedisAddress("redis://u:secret@h:x") }
        #expect(error?.description.contains("secret") == false)
    }
}
