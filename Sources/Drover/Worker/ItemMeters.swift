import BatchAPI
import Metrics
import Worker

/// Counts a worker's items for swift-metrics: `drover_worker_items_total` by handler and outcome. Once per chunk.
final class ItemMeters: Sendable {
    func count(_ outcome: ChunkOutcome, of job: Job) {
        let handler = job.spec.template.spec.containers.first?.image ?? ""
        let failed = outcome.failures.count
        if outcome.ran > failed { counter(handler, "succeeded").increment(by: outcome.ran - failed) }
        if failed > 0 { counter(handler, "failed").increment(by: failed) }
    }

    private func counter(_ handler: String, _ outcome: String) -> Counter {
        Counter(label: "drover_worker_items_total", dimensions: [("handler", handler), ("outcome", outcome)])
    }
}
