import Glibc

// Measures items in handlers. `items-bench worker URL SLOTS` runs no-op items until it is ended; the other commands submit Jobs of no-op
// items and print figures; see bench/items.sh.

let arguments = CommandLine.arguments.dropFirst() + ["", "", "", ""]

do {
    switch arguments[1] {
    case "worker": try await work(arguments[2], slots: Int(arguments[3]) ?? 1)
    case "indexes": try await indexes(arguments[2], count: Int(arguments[3]) ?? 10_000_000, rounds: Int(arguments[4]) ?? 5)
    case "payloads": try await payloads(arguments[2], count: Int(arguments[3]) ?? 1_000_000, rounds: Int(arguments[4]) ?? 5)
    case "latency": try await latency(arguments[2], count: Int(arguments[3]) ?? 2000)
    default:
        print("usage: items-bench worker URL SLOTS | indexes URL ITEMS ROUNDS | payloads URL ITEMS ROUNDS | latency URL ITEMS")
        exit(2)
    }
} catch {
    print("items-bench: \(error)")
    exit(1)
}
