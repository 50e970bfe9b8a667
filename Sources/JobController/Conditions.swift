import BatchAPI

extension JobStatus {
    /// Puts a condition in the place of the one of its type, or at the end, in the order of addition (R55). Interim conditions always go to
    /// the end, also beside one that is not true (R56).
    mutating func set(_ condition: JobCondition) {
        let isInterim = condition.type == "FailureTarget" || condition.type == "SuccessCriteriaMet"
        if !isInterim, let place = conditions.firstIndex(where: { $0.type == condition.type }) {
            conditions[place] = condition
        } else {
            conditions.append(condition)
        }
    }
}
