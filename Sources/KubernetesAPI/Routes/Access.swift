import BatchAPI

/// Who may do what. All questions of access end here, so that rules have one place. As yet there are none: the server listens on loopback
/// only, and whoever reaches it is its host's user and may do all.
enum Access {
    /// Who sends a request.
    struct Subject: Sendable, Hashable {
        var name: String
        var groups: [String]

        /// As `userInfo` of a review.
        var value: Value { ["username": .string(name), "groups": .strings(groups)] }
    }

    /// What somebody wants to do: with a resource, or with a path outside of the API groups.
    struct Attempt: Sendable, Hashable {
        var verb: String
        var group: String
        var resource: String
        var subresource: String
        var namespace: String
        var name: String
        var path: String

        /// Reads the attributes of a review; what is not there is "".
        init(_ attributes: Value) {
            func text(_ key: String) -> String { attributes[key]?.string ?? "" }
            (verb, group, resource, subresource) = (text("verb"), text("group"), text("resource"), text("subresource"))
            (namespace, name, path) = (text("namespace"), text("name"), text("path"))
        }
    }

    struct Decision: Sendable, Hashable {
        var isAllowed: Bool
        /// Why, for people.
        var reason = ""

        /// As the status of a review.
        var value: Value { reason.isEmpty ? ["allowed": .bool(isAllowed)] : ["allowed": .bool(isAllowed), "reason": .string(reason)] }
    }

    static func subject(of request: APIRequest) -> Subject {
        Subject(name: "drover:local", groups: ["system:masters", "system:authenticated"])
    }

    static func decide(_ subject: Subject, _ attempt: Attempt) -> Decision { Decision(isAllowed: true) }

    static func rules(of subject: Subject, namespace: String) -> Rules { .all }
}

extension Access {
    /// All that somebody may do in a namespace.
    struct Rules: Sendable, Hashable {
        var resources: [Value]
        var paths: [Value]

        static let all = Rules(
            resources: [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]], paths: [["verbs": ["*"], "nonResourceURLs": ["*"]]])

        /// As the status of a review.
        var value: Value { ["resourceRules": .array(resources), "nonResourceRules": .array(paths), "incomplete": false] }
    }
}
