import BatchAPI
import Broker
import Glibc

/// How a worker daemon is to work.
public struct WorkerOptions: Sendable {
    public var name: String
    /// Attempts that run at a time.
    public var slots: Int
    public var labels: [String: String] = [:]
    /// After this long without a renewal its attempts are taken for lost. At least three heartbeats fit in.
    public var lease: Duration = .seconds(30)
    /// The longest that attempts get to end when the worker drains; their own grace may be shorter.
    public var shutdownTimeout: Duration = .seconds(30)
    public var restarts = RestartBackoff()
    /// The wait between registration and first claim: a store that may lose its last seconds must not forget the node (design §4, Recover).
    public var settling: Duration = .zero
    /// What it has for pods, and asks of them; cpu, memory and ephemeral-storage are the host's where they are not named.
    public var offer = NodeOffer()
    /// Of the resources whose units are not alike: their ids.
    public var devices: [String: [String]] = [:]
    /// Whatever a Job asks of its node, it is run here: the one node of a system of its own. Of what there is no more is used at a time.
    public var takesAnything = false
    /// At least this often the ConfigMaps and Secrets that running pods mount are looked at.
    public var refresh: Duration = .seconds(60)
    /// Only attempts of this Job, if named.
    public var job: String?
    /// Whether attempts are stored as pods from their start; without, only the failed ones are.
    public var makesPods = true
    /// The most items of one lease where items run in chunks; nil: as many as the runtime likes.
    public var chunk: Int?
    /// Whether an attempt's log is there although it wrote nothing; else the file may serve the slot's next attempt.
    public var keepsEmptyLogs = true
    /// Whether logs are never cut: whoever reads them frees what was read. Else the head of a long one goes.
    public var keepsWholeLogs = false
    /// Arguments after which this program is a guardian, and its environment.
    public var guardian: (arguments: [String], environment: [String: String]) = (["__guardian"], currentEnvironment())

    /// How many lanes serve the slots best: one for each core, as far as there are slots.
    public var lanes: Int { max(1, min(slots, sysconf(Int32(_SC_NPROCESSORS_ONLN)), 16)) }

    public init(name: String, slots: Int) { (self.name, self.slots) = (name, slots) }
}

/// Told about attempts as they come and go; called from the slot's task, so it should be quick.
public protocol AttemptObserver: Sendable {
    /// A container runs and writes to `log`; once more after each restart in place, with another log.
    func began(_ grant: Grant, job: Job, log: String)
    /// Nothing of the attempt runs any more; the store is told next.
    func ended(_ grant: Grant, job: Job, ending: Ending) async
}
