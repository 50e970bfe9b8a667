/// successPolicy (V16-V18).
enum SuccessPolicyValidation {
    static let maximumRules = 20
    static let maximumIndexesBytes = 65_536

    static func validate(_ policy: Value, _ spec: JobSpec) -> [FieldError] {
        guard spec.isIndexed else {
            return [.invalid("spec.successPolicy", shown: shown(policy), "requires indexed completion mode")]
        }
        var list = ErrorList()
        let path = "spec.successPolicy.rules"
        let rules = policy["rules"]?.array ?? []
        if rules.isEmpty {
            list.add(.required(path, "at least one rules must be specified when the successPolicy is specified"))
        }
        if rules.count > maximumRules { list.add(.tooMany(path, rules.count, limit: maximumRules)) }
        for (position, rule) in rules.enumerated() {
            list.add(validateRule(rule, "\(path)[\(position)]", completions: spec.completions ?? 0))
        }
        return list.errors
    }

    private static func validateRule(_ rule: Value, _ path: String, completions: Int) -> [FieldError] {
        let (indexes, count) = (rule["succeededIndexes"]?.string, rule["succeededCount"]?.int)
        if indexes == nil, count == nil {
            return [.required(path, "at least one of succeededCount or succeededIndexes must be specified")]
        }
        var list = ErrorList()
        var listed = 0
        if let indexes { list.add(validateIndexes(indexes, "\(path).succeededIndexes", completions, &listed)) }
        guard let count else { return list.errors }
        let field = "\(path).succeededCount"
        list.nonNegative(field, count)
        if count > completions {
            list.invalid(field, count, "must be less than or equal to \(completions) (the number of specified completions)")
        }
        if indexes != nil, count > listed {
            let what = "the number of indexes in the specified succeededIndexes field"
            list.invalid(field, count, "must be less than or equal to \(listed) (\(what))")
        }
        return list.errors
    }

    /// V17; `listed` becomes the number of indexes.
    private static func validateIndexes(_ text: String, _ field: String, _ completions: Int, _ listed: inout Int) -> [FieldError] {
        var list = ErrorList()
        if text.utf8.count > maximumIndexesBytes { list.add(.tooLong(field, limit: maximumIndexesBytes)) }
        do throws(IndexRanges.ParseError) {
            listed = try IndexRanges(strict: text, completions: completions).count
        } catch {
            list.add(.invalid(field, .string(text), "error parsing succeededIndexes: \(error)"))
        }
        return list.errors
    }

    /// The server shows its internal structure here, with capital keys.
    private static func shown(_ policy: Value) -> String {
        let rules = (policy["rules"]?.array ?? []).map { rule in
            let indexes = rule["succeededIndexes"]?.encoded() ?? "null"
            return "{\"SucceededIndexes\":\(indexes),\"SucceededCount\":\(rule["succeededCount"]?.encoded() ?? "null")}"
        }
        return "{\"Rules\":[\(rules.joined(separator: ","))]}"
    }
}
