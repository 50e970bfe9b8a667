/// The rule for a Job's weight (`JobShare`).
enum ShareValidation {
    static func validate(_ annotations: [String: String]) -> [FieldError] {
        guard let text = annotations[JobShare.annotation], JobShare.weight(text) == nil else { return [] }
        return [.invalid("metadata.annotations[\(JobShare.annotation)]", .string(text), "must be a number from 0.01 to 100")]
    }
}
