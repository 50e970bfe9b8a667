@preconcurrency import Glibc
import Simulation
import Support

// Runs seeds of the simulation, in memory or on a redis-server of its own, as many or as long as told, and shows what breaks as a short
// trace with the line that repeats it. Usage: as bench/simulate.sh says.

setvbuf(stdout, nil, _IOLBF, 0)
var options: [String: String] = [:]
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
    let isFlag = ["--quiet", "--trace", "--verbose", "--redis"].contains(word)
    options[word] = isFlag ? "" : words.popFirst() ?? ""
}

let isOnRedis = CommandLine.arguments.contains("--redis")
/// In memory, or a redis-server of its own with the real scripts.
@Sendable func makeStore() -> any SimulatedStore { isOnRedis ? RedisStore() : MemoryStore() }

func repeatLine(_ seed: UInt64, _ keeping: [Int], _ isQuiet: Bool) -> String {
    "bench/simulate.sh --seed \(seed) --keep \(keeping.isEmpty ? "none" : keeping.map { String($0) }.joined(separator: ","))\(isQuiet ? " --quiet" : "")\(isOnRedis ? " --redis" : "") --trace"
}

/// Shows a failing seed at its smallest.
func show(_ seed: UInt64, _ violation: String, _ trace: [String]) {
    print("seed \(seed): \(violation)")
    let small = Simulation.shrink(seed: seed, violation: violation) { makeStore() }
    let again = Simulation.run(small.plan, on: makeStore(), keepsTrace: true)
    // Real time bears on a real store: what broke may not break again.
    for line in (again.violation == nil ? trace : again.trace).suffix(60) { print("  " + line) }
    print("shrunk to events \(small.keeping): \(again.violation ?? "nothing broken")\nrepeat: \(repeatLine(seed, small.keeping, small.isQuiet))")
}

if let seed = options["--seed"].flatMap({ UInt64($0) }) {
    let keeping = options["--keep"].map { text in Set(text.split(separator: ",").compactMap { Int($0) }) }
    let outcome = Simulation.run(Plan(seed: seed, keeping: keeping, quiet: options["--quiet"] != nil), on: makeStore(), keepsTrace: true)
    if options["--trace"] != nil { for line in outcome.trace { print(line) } }
    print("seed \(seed): \(outcome.violation ?? "holds") after \(outcome.steps) steps, \(outcome.time) of its time, hash \(String(outcome.hash, radix: 16))")
    exit(outcome.violation == nil ? 0 : 1)
}

let count = options["--seeds"].flatMap { UInt64($0) } ?? (options["--seconds"] == nil ? 1000 : .max)
let limit = options["--seconds"].flatMap { Double($0) }.map { Duration.seconds($0) }
let first = options["--from"].flatMap { UInt64($0) } ?? .random(in: 0..<1 << 40)
let began = ContinuousClock.now
var (runs, steps, broken) = (UInt64(0), 0, 0)
let end = first.addingReportingOverflow(count)
for seed in first..<(end.overflow ? .max : end.partialValue) {
    if let limit, ContinuousClock.now - began > limit { break }
    if options["--verbose"] != nil { print("seed \(seed)") }
    let outcome = Simulation.run(Plan(seed: seed), on: makeStore(), keepsTrace: isOnRedis)
    (runs, steps) = (runs + 1, steps + outcome.steps)
    if runs % 1000 == 0 { print("\(runs) seeds, \(steps) steps, \(broken) broken") }
    if let violation = outcome.violation {
        broken += 1
        show(seed, violation, outcome.trace)
        if broken >= Int(options["--broken"] ?? "5")! { break }
    }
}
let seconds = (ContinuousClock.now - began) / .seconds(1)
print("\(runs) seeds from \(first), \(steps) steps in \(Int(seconds)) s: \(Int(Double(steps) / max(seconds, 0.001))) steps/s, \(broken) broken")
exit(broken == 0 ? 0 : 1)
