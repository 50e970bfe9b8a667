/// The rules of security contexts.
enum SecurityValidation {
    private static let idRule = "must be between 0 and 2147483647, inclusive"

    static func validatePod(_ context: Value?, _ path: String) -> [FieldError] {
        guard let context else { return [] }
        var list = ErrorList()
        list.add(validateIDs(context, ["runAsUser", "runAsGroup", "fsGroup"], path))
        for (position, group) in (context["supplementalGroups"]?.array ?? []).enumerated() {
            guard let id = group.int, !isID(id) else { continue }
            list.invalid("\(path).supplementalGroups[\(position)]", id, idRule)
        }
        list.oneOf("\(path).fsGroupChangePolicy", context["fsGroupChangePolicy"]?.string, ["Always", "OnRootMismatch"])
        return list.errors
    }

    static func validateContainer(_ context: Value?, _ path: String) -> [FieldError] {
        guard let context else { return [] }
        var list = ErrorList()
        list.add(validateIDs(context, ["runAsUser", "runAsGroup"], path))
        guard context["allowPrivilegeEscalation"]?.bool == false else { return list.errors }
        if context["privileged"]?.bool == true {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            list.add(.invalid(path, shown: shown(context), detail))
        }
        if context["capabilities"]?["add"]?.strings.contains(where: { $0 == "CAP_SYS_ADMIN" || $0 == "SYS_ADMIN" }) == true {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            list.add(.invalid(path, shown: shown(context), detail))
        }
        return list.errors
    }

    private static func validateIDs(_ context: Value, _ keys: [String], _ path: String) -> [FieldError] {
        var list = ErrorList()
        for key in keys {
            if let id = context[key]?.int, !isID(id) { list.invalid("\(path).\(key)", id, idRule) }
        }
        return list.errors
    }

    private static func isID(_ number: Int) -> Bool { (0...2_147_483_647).contains(number) }

    /// The server shows its internal structure here, with capital keys in the order of its fields.
    private static func shown(_ context: Value) -> String {
        let keys = [
            "capabilities", "privileged", "seLinuxOptions", "windowsOptions", "runAsUser", "runAsGroup", "runAsNonRoot",
            "readOnlyRootFilesystem", "allowPrivilegeEscalation", "procMount", "seccompProfile", "appArmorProfile",
        ]
        let members = keys.map { key in
            let name = key == "seLinuxOptions" ? "SELinuxOptions" : key.prefix(1).uppercased() + key.dropFirst()
            return "\"\(name)\":\(context[key]?.encoded() ?? "null")"
        }
        return "{\(members.joined(separator: ","))}"
    }
}
