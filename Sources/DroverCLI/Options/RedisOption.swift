import ArgumentParser
import Redis

/// Where the shared Redis is.
struct RedisOption: ParsableArguments {
    @Option(help: ArgumentHelp("The shared Redis: redis://[user:password@]host[:port][/db] or unix:///path.", valueName: "url"))
    var redis: String

    func validate() throws { _ = try address() }

    func address() throws -> RedisAddress {
        do { return try RedisAddress(redis) } catch { throw ValidationError("--redis: \(error.message)") }
    }
}
