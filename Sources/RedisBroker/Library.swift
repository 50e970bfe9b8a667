import BatchAPI
import Redis

/// The transitions as one function library. Function names carry the version, so two versions of Drover can share a Redis.
enum Library {
    static let version = 1

    /// A file uses the local functions of those before it; `names` is what it shows them, nil: all. What it does not show stands in a block of
    /// its own, away from the 200 names that Lua allows in one function.
    private static let files: [(text: [UInt8], names: [String]?)] = [
        (PackageResources.Common_lua, nil),
        (PackageResources.Classes_lua, nil),
        (PackageResources.Shares_lua, nil),
        (PackageResources.Ledger_lua, nil),
        (PackageResources.Items_lua, nil),
        (PackageResources.Leases_lua, nil),
        (PackageResources.Events_lua, nil),
        (PackageResources.Shrink_lua, ["shrink", "is_cut_off", "trim"]),
        (PackageResources.FreeItems_lua, nil),
        (PackageResources.CreateJob_lua, []),
        (PackageResources.DeleteJob_lua, nil),
        (PackageResources.UpdateJob_lua, []),
        (PackageResources.Spread_lua, ["may_spread"]),
        (PackageResources.Claim_lua, nil),
        (PackageResources.HandOut_lua, ["hand_out"]),
        (PackageResources.Place_lua, []),
        (PackageResources.Settle_lua, ["leave", "hold", "add_states", "settle"]),
        (PackageResources.Report_lua, []),
        (PackageResources.Progress_lua, []),
        (PackageResources.GiveBack_lua, []),
        (PackageResources.Pods_lua, nil),
        (PackageResources.State_lua, nil),
        (PackageResources.Decide_lua, []),
        (PackageResources.Sweep_lua, []),
        (PackageResources.Nodes_lua, nil),
        (PackageResources.TakeBack_lua, nil),
        (PackageResources.Renew_lua, []),
        (PackageResources.Leader_lua, nil),
        (PackageResources.Recover_lua, []),
        (PackageResources.Read_lua, nil),
        (PackageResources.Adopt_lua, []),
        (PackageResources.Objects_lua, []),
        (PackageResources.Figures_lua, []),
        (PackageResources.Explain_lua, []),
        (PackageResources.Reserve_lua, []),
        (PackageResources.Push_lua, []),
        (PackageResources.Results_lua, []),
    ]

    private static let code = files.map { file in
        let text = String(decoding: file.text, as: UTF8.self)
        guard let names = file.names else { return text }
        let body = names.reduce(text) { $0.replacing("local function \($1)(", with: "function \($1)(") }
        return (names.isEmpty ? "" : "local \(names.joined(separator: ", "))\n") + "do\n\(body)\nend"
    }.joined(separator: "\n")

    /// Tells builds of one version apart, so that a server with the code of another gets this one.
    static let checksum = String(Checksum(code.utf8).value, radix: 16)

    static let functions = RedisFunctionLibrary(
        name: "drover\(version)", version: version,
        source: "#!lua name=drover\(version)\n\(code)\n"
            + "register_reading('drover\(version)_checksum', function() return '\(checksum)' end)\n")
}
