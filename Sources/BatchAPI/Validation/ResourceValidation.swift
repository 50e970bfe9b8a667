/// The rules of requests and limits.
enum ResourceValidation {
    static func validate(_ resources: Value?, _ path: String) -> [FieldError] {
        guard let resources else { return [] }
        var list = ErrorList()
        let limits = amounts(resources["limits"], "\(path).limits", &list)
        let requests = amounts(resources["requests"], "\(path).requests", &list)
        for (name, request) in requests.sorted(by: { $0.key < $1.key }) {
            list.add(compare(name, request, limits[name], "\(path).requests"))
        }
        for (name, limit) in limits.sorted(by: { $0.key < $1.key }) where requests[name] == nil {
            // A server takes the limit for an absent request.
            list.add(compare(name, limit, limit, "\(path).requests"))
        }
        return list.errors
    }

    private static func amounts(_ map: Value?, _ path: String, _ list: inout ErrorList) -> [String: Quantity] {
        var result: [String: Quantity] = [:]
        for (name, value) in (map?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            let field = "\(path)[\(name)]"
            list.add(validateName(name, field))
            guard let quantity = try? Quantity(value) else { continue }
            result[name] = quantity
            if quantity.nanos < 0 { list.invalid(field, quantity.text, ["must be greater than or equal to 0"]) }
            if !isFractional(name), quantity.nanos % 1_000_000_000 != 0 { list.invalid(field, quantity.text, ["must be an integer"]) }
        }
        return result
    }

    private static func validateName(_ name: String, _ field: String) -> [FieldError] {
        var list = ErrorList()
        list.invalid(field, name, NameRules.qualifiedName(name))
        if !list.errors.isEmpty || name.contains("/") || isStandard(name) { return list.errors }
        list.invalid(field, name, ["must be a standard resource type or fully qualified", "must be a standard resource for containers"])
        return list.errors
    }

    private static func compare(_ name: String, _ request: Quantity, _ limit: Quantity?, _ path: String) -> [FieldError] {
        let isOvercommittable = ["cpu", "memory", "ephemeral-storage"].contains(name)
        guard let limit else {
            return isOvercommittable ? [] : [.required(path, "Limit must be set for non overcommitable resources")]
        }
        if !isOvercommittable, request != limit {
            return [.invalid(path, .string(request.text), "must be equal to \(name) limit of \(limit.text)")]
        }
        guard request > limit else { return [] }
        return [.invalid(path, .string(request.text), "must be less than or equal to \(name) limit of \(limit.text)")]
    }

    private static func isStandard(_ name: String) -> Bool { isFractional(name) || name.hasPrefix("hugepages-") }

    private static func isFractional(_ name: String) -> Bool { ["cpu", "memory", "ephemeral-storage"].contains(name) }
}
