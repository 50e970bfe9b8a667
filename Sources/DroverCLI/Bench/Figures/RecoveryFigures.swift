/// What a killed worker has cost.
struct RecoveryFigures: Sendable {
    var items = 0
    var done = 0
    /// Seconds from the kill until the store had given its items up.
    var free: Double?
    /// Seconds from the kill until its items were done by others.
    var recovered: Double?
    /// Seconds of the whole Job.
    var total = 0.0
    var fault: String?
}
