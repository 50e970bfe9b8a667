import BatchAPI

extension Pass {
    /// Whether the Job has failed too often: more failed attempts in its whole life than backoffLimit (R31), or too many restarts (R32).
    var exceedsBackoffLimit: Bool { failed > backoffLimit || exceedsRestarts }

    /// OnFailure restarts containers within the pod, so that live pods' restarts count too; a limit of 0 allows none (R32).
    private var exceedsRestarts: Bool {
        guard spec.template.spec.restartPolicy == "OnFailure" else { return false }
        return tally.restarts > 0 && tally.restarts >= backoffLimit
    }

    private var backoffLimit: Int { spec.backoffLimit ?? (limitPerIndex == nil ? 6 : Int(Int32.max)) }
}
