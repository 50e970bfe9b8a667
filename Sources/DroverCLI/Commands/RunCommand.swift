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

            In COMMAND, {} is the item, {.} without its extension, {/} its base name, {//} its folder, {/.} its base name without extension, \
            {#} its number from 1 and {index} from 0. Exit status: 0 all Complete, 1 something Failed, 2 wrong usage or manifest, \
            3 Redis out of reach, 130 interrupted.
            """)

    @Option(name: .customShort("f"), parsing: .upToNextOption, help: ArgumentHelp("Manifests to run; - is stdin.", valueName: "file"))
    var files: [String] = []

    @Option(name: .customShort("j", allowingJoined: true), help: ArgumentHelp("Commands that run side by side; the number of cores by default.", valueName: "n"))
    var parallel: Int?

    @Option(help: ArgumentHelp("Runs the command once per line of this file; - is stdin.", valueName: "file"))
    var items: String?

    @Flag(name: .customShort("0"), help: "Items end with a NUL byte instead of a line break.")
    var nulSeparated = false

    @Option(help: ArgumentHelp("How often a failed item is tried again.", valueName: "k"))
    var retries = 0

    @Option(help: "The delay before each retry.")
    var retryDelay = DurationArgument(.zero)

    @Option(help: ArgumentHelp("Starts nothing more once so many items have failed.", valueName: "n"))
    var halt: Int?

    @Flag(name: [.customShort("k"), .long], help: "Shows output in the order of the items.")
    var keepOrder = false

    @Option(help: ArgumentHelp("Notes each finished item in this file, as GNU parallel does.", valueName: "file"))
    var joblog: String?

    @Flag(help: "Skips what the joblog shows as done.")
    var resume = false

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
        if !files.isEmpty, items != nil || joblog != nil || halt != nil { throw ValidationError("--items, --joblog and --halt go with -- COMMAND") }
        if let parallel, !(1...10_000).contains(parallel) { throw ValidationError("-j must be from 1 to 10000") }
        if retries < 0 || retries > 1_000_000 { throw ValidationError("--retries must be from 0 to 1000000") }
        if let halt, halt < 0 { throw ValidationError("--halt must not be negative") }
        if resume && joblog == nil { throw ValidationError("--resume needs --joblog") }
    }

    func run() async throws {
        let work: any RunWork = files.isEmpty ? try ItemsWork(self) : try ManifestsWork(self, now: APIOptions.wallClock())
        let status = await RunSession(command: self, work: work).run()
        if status != ExitStatus.complete { throw status }
    }
}
