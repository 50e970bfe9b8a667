import ArgumentParser
import BatchAPI
import Glibc
import KubernetesAPI
import Worker

/// `drover run`: Jobs from manifests, or one command per item, to their end, on this host.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run Jobs, or a command once per item, to the end on this host.",
        discussion: """
            drover run -f job.yaml
            drover run -j 8 --items files.txt -- convert {} out/{/}
            drover run -f stream.yaml --items lines.txt --results out.ndjson

            In COMMAND, {} is the item, {.} without its extension, {/} its base name, {//} its folder, {/.} its base name without extension, \
            {#} its number from 1 and {index} from 0. Exit status: 0 all Complete, 1 something Failed, 2 wrong usage or manifest, \
            3 Redis out of reach or output that can't be written, 130 interrupted, 141 nobody reads the output.
            """)

    @Option(name: [.customShort("f"), .customLong("file")], parsing: .upToNextOption, help: ArgumentHelp("Manifests to run; - is stdin.", valueName: "file"))
    var files: [String] = []

    @Option(
        name: [.customShort("j", allowingJoined: true), .customLong("jobs")],
        help: ArgumentHelp("Commands that run side by side; the number of cores by default.", valueName: "n"))
    var parallel: Int?

    @Option(help: ArgumentHelp("Runs the command once per line of this file, or gives its lines to the Job as its items; - is stdin.", valueName: "file"))
    var items: String?

    @Flag(name: [.customShort("0"), .customLong("null")], help: "Items end with a NUL byte instead of a line break.")
    var nulSeparated = false

    @Option(help: ArgumentHelp("How often a failed item is tried again. (default: 0)", valueName: "k"))
    var retries: Int?

    @Option(help: "The delay before each retry. (default: 0s)")
    var retryDelay: DurationArgument?

    @Option(help: ArgumentHelp("Starts nothing more once so many items have failed; 0 is never. (default: 0)", valueName: "n"))
    var halt: Int?

    @Flag(name: [.customShort("k"), .long], help: "Shows output in the order of the items.")
    var keepOrder = false

    @Option(help: ArgumentHelp("Notes each finished item in this file, as GNU parallel does.", valueName: "file"))
    var joblog: String?

    @Flag(help: "Skips what the joblog shows as done.")
    var resume = false

    @Option(help: ArgumentHelp("Writes the results of the Job's items to this file, a line of JSON each; - is stdout.", valueName: "file"))
    var results: String?

    @Flag(help: "Keeps the working folder with all logs, and says where it is.")
    var keep = false

    @Flag(help: "Shows before each line which pod it came from.")
    var prefix = false

    @Option(help: "auto, plain, json or none.")
    var progress = ProgressMode.auto

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var restarts: RestartOptions
    @OptionGroup var shared: SharedOptions

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command and its arguments, after --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        if files.isEmpty == command.isEmpty { throw ValidationError("give either -f FILE or -- COMMAND") }
        if let flag = foreignFlag { throw ValidationError("\(flag) goes with \(files.isEmpty ? "-f FILE" : "-- COMMAND")") }
        if results != nil, items == nil { throw ValidationError("--results goes with -f FILE --items FILE") }
        if items == "-", files.contains("-") { throw ValidationError("stdin can't be both a manifest and the items") }
        if nulSeparated, items == nil { throw ValidationError("-0 goes with --items") }
        if let parallel, !(1...10_000).contains(parallel) { throw ValidationError("-j must be from 1 to 10000") }
        if let retries, !(0...1_000_000).contains(retries) { throw ValidationError("--retries must be from 0 to 1000000") }
        if let halt, halt < 0 { throw ValidationError("--halt must not be negative") }
        if resume && joblog == nil { throw ValidationError("--resume needs --joblog") }
    }

    /// A flag that was given and does not go with the rest.
    private var foreignFlag: String? {
        if files.isEmpty { return prefix ? "--prefix" : results != nil ? "--results" : nil }
        let flags: [(String, Bool)] = [
            ("-j", parallel != nil), ("--retries", retries != nil),
            ("--retry-delay", retryDelay != nil), ("--halt", halt != nil), ("-k", keepOrder), ("--joblog", joblog != nil), ("--resume", resume),
        ]
        return flags.first { $0.1 }?.0
    }

    func run() async throws {
        let work: any RunWork = files.isEmpty ? try ItemsWork(self) : try ManifestsWork(self, now: APIOptions.wallClock())
        let status = await RunSession(command: self, work: work).run()
        if status != ExitStatus.complete { throw status }
    }
}
