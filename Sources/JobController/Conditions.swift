import BatchAPI

extension JobStatus {
    /// Puts a condition in the place of the one of its type, or at the end: one entry per type, in the order of addition (R55, R56).
    mutating func set(_ condition: JobCondition) {
        if let place = conditions.firstIndex(where: { $0.type == condition.type }) {
            conditions[place] = condition
        } else {
            conditions.append(condition)
        }
    }
}
