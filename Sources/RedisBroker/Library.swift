import Redis

/// The transitions as one function library. Function names carry the version, so two versions of Drover can share a Redis.
enum Library {
    static let version = 1

    /// Order matters: a file uses the local functions of those before it.
    private static let files: [[UInt8]] = [
        PackageResources.Common_lua, PackageResources.Classes_lua, PackageResources.Shares_lua, PackageResources.Ledger_lua,
        PackageResources.Items_lua, PackageResources.Leases_lua, PackageResources.Events_lua, PackageResources.Shrink_lua,
        PackageResources.FreeItems_lua, PackageResources.CreateJob_lua,
        PackageResources.DeleteJob_lua, PackageResources.UpdateJob_lua,
        PackageResources.Spread_lua, PackageResources.Claim_lua, PackageResources.Place_lua, PackageResources.Settle_lua, PackageResources.Report_lua,
        PackageResources.Progress_lua, PackageResources.Pods_lua, PackageResources.State_lua, PackageResources.Decide_lua,
        PackageResources.Sweep_lua, PackageResources.Nodes_lua, PackageResources.TakeBack_lua, PackageResources.Renew_lua,
        PackageResources.Leader_lua, PackageResources.Recover_lua, PackageResources.Read_lua, PackageResources.Adopt_lua, PackageResources.Objects_lua,
        PackageResources.Figures_lua, PackageResources.Explain_lua, PackageResources.Reserve_lua,
        PackageResources.Push_lua, PackageResources.Results_lua,
    ]

    /// Files that no later one needs; a block of their own keeps their names from the 200 that Lua allows in one function.
    private static let leaves: [[UInt8]] = [
        PackageResources.CreateJob_lua, PackageResources.UpdateJob_lua, PackageResources.Report_lua, PackageResources.Decide_lua,
        PackageResources.Recover_lua, PackageResources.Progress_lua, PackageResources.Place_lua, PackageResources.Renew_lua,
        PackageResources.Adopt_lua, PackageResources.Objects_lua,
        PackageResources.Figures_lua, PackageResources.Explain_lua, PackageResources.Reserve_lua, PackageResources.Sweep_lua,
        PackageResources.Push_lua, PackageResources.Results_lua,
    ]

    /// What later files need of a file; the rest of it is its own, as in a leaf.
    private static let exports: [(file: [UInt8], names: [String])] = [
        (PackageResources.Settle_lua, ["leave", "hold", "add_states", "settle"]),
        (PackageResources.Shrink_lua, ["shrink", "is_cut_off", "trim"]), (PackageResources.Spread_lua, ["may_spread"]),
    ]

    private static let code = files.map { file in
        let text = String(decoding: file, as: UTF8.self)
        if leaves.contains(file) { return "do\n\(text)\nend" }
        guard let names = exports.first(where: { $0.file == file })?.names else { return text }
        let body = names.reduce(text) { $0.replacing("local function \($1)(", with: "function \($1)(") }
        return "local \(names.joined(separator: ", "))\ndo\n\(body)\nend"
    }.joined(separator: "\n")

    /// Tells builds of one version apart, so that a server with the code of another gets this one.
    static let checksum = String(code.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)

    static let functions = RedisFunctionLibrary(
        name: "drover\(version)", version: version,
        source: "#!lua name=drover\(version)\n\(code)\n"
            + "register_reading('drover\(version)_checksum', function() return '\(checksum)' end)\n")
}
