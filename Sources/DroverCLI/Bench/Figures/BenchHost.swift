import BatchAPI
import Glibc

/// Where a benchmark ran.
struct BenchHost: Sendable {
    var redis: String
    /// Where it is; the password hidden.
    var place: String
    var sync: String
    var cores: Int
    var system: String

    static func of(_ system: BenchSystem) async throws -> BenchHost {
        let settings = system.settings
        let sync = settings.redis != nil ? "as given" : settings.sync?.rawValue ?? "off"
        let place = settings.redis == nil ? "private" : system.broker.connection.address.description
        return BenchHost(redis: try await system.usage().version, place: place, sync: sync, cores: settings.cores, system: kernel())
    }

    private static func kernel() -> String {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.release) { "Linux " + String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    var text: String { "Redis \(redis) (\(place)), AOF \(sync), \(cores) cores, \(system)" }

    var json: String {
        var line = JSONLine(type: "host")
        line.add("redis", .string(redis))
        line.add("redis_at", .string(place))
        line.add("aof", .string(sync))
        line.add("cores", .int(Int64(cores)))
        line.add("system", .string(system))
        line.add("drover", .string(DroverCommand.configuration.version))
        return line.line
    }
}
