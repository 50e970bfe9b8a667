import JobController
import Metrics

/// How a coordinator is to work.
public struct CoordinatorOptions: Sendable {
    /// New with every start.
    public var instance: String
    /// Where its API listens, as shown by the Lease `kube-system/drover`.
    public var address: String
    /// A leader that has not renewed for so long is replaced.
    public var lease: Duration = .seconds(30)
    /// Back-off of failed pods; a Job's own settings go before it.
    public var policy = Options()
    /// Where what the leader does is counted.
    public var metrics: any MetricsFactory = MetricsSystem.factory

    public init(instance: String, address: String) { (self.instance, self.address) = (instance, address) }
}
