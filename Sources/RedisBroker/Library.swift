import Redis

/// The transitions as one function library. Function names carry the version, so two versions of Drover can share a Redis.
enum Library {
    static let version = 1

    /// Order matters: a file uses the local functions of those before it.
    private static let files: [[UInt8]] = [
        PackageResources.Common_lua, PackageResources.CreateJob_lua, PackageResources.UpdateJob_lua, PackageResources.DeleteJob_lua,
        PackageResources.Claim_lua, PackageResources.Report_lua, PackageResources.Progress_lua, PackageResources.State_lua,
        PackageResources.Decide_lua, PackageResources.Sweep_lua, PackageResources.Nodes_lua, PackageResources.Leader_lua,
        PackageResources.Read_lua,
    ]

    static let functions = RedisFunctionLibrary(
        name: "drover\(version)", version: version,
        source: "#!lua name=drover\(version)\n" + files.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"))
}
