/// Gathers the errors of one object, in the order in which Kubernetes reports them.
struct ErrorList {
    private(set) var errors: [FieldError] = []

    mutating func add(_ error: FieldError) { errors.append(error) }

    mutating func add(_ more: [FieldError]) { errors += more }

    /// Every problem as Invalid, with the value as text.
    mutating func invalid(_ field: String, _ value: String, _ problems: [String]) {
        for problem in problems { errors.append(.invalid(field, .string(value), problem)) }
    }

    /// V1.
    mutating func nonNegative(_ field: String, _ number: Int?) {
        guard let number, number < 0 else { return }
        errors.append(.invalid(field, .int(Int64(number)), "must be greater than or equal to 0"))
    }

    mutating func invalid(_ field: String, _ number: Int, _ detail: String) {
        errors.append(.invalid(field, .int(Int64(number)), detail))
    }

    /// Absent is fine, anything but the given texts is not.
    mutating func oneOf(_ field: String, _ text: String?, _ supported: [String]) {
        guard let text, !supported.contains(text) else { return }
        errors.append(.notSupported(field, text, supported))
    }
}
