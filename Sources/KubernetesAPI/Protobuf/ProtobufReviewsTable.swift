extension ProtobufTable {
    /// Questions about who one is and what one may do.
    static let reviewTypes: [String: Fields] = [
        "FieldSelectorAttributes": [
            1: ("rawSelector", .string), 2: ("requirements", .list(.object("FieldSelectorRequirement"))),
        ],
        "LabelSelectorAttributes": [
            1: ("rawSelector", .string), 2: ("requirements", .list(.object("LabelSelectorRequirement"))),
        ],
        "NonResourceAttributes": [
            1: ("path", .string), 2: ("verb", .string),
        ],
        "NonResourceRule": [
            1: ("verbs", .list(.string)), 2: ("nonResourceURLs", .list(.string)),
        ],
        "ResourceAttributes": [
            1: ("namespace", .string), 2: ("verb", .string), 3: ("group", .string), 4: ("version", .string),
            5: ("resource", .string), 6: ("subresource", .string), 7: ("name", .string),
            8: ("fieldSelector", .optional(.object("FieldSelectorAttributes"))),
            9: ("labelSelector", .optional(.object("LabelSelectorAttributes"))),
        ],
        "ResourceRule": [
            1: ("verbs", .list(.string)), 2: ("apiGroups", .list(.string)), 3: ("resources", .list(.string)),
            4: ("resourceNames", .list(.string)),
        ],
        "SelfSubjectAccessReview": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("SelfSubjectAccessReviewSpec")),
            3: ("status", .object("SubjectAccessReviewStatus")),
        ],
        "SelfSubjectAccessReviewSpec": [
            1: ("resourceAttributes", .optional(.object("ResourceAttributes"))),
            2: ("nonResourceAttributes", .optional(.object("NonResourceAttributes"))),
        ],
        "SelfSubjectReview": [
            1: ("metadata", .object("ObjectMeta")), 2: ("status", .object("SelfSubjectReviewStatus")),
        ],
        "SelfSubjectReviewStatus": [
            1: ("userInfo", .object("UserInfo")),
        ],
        "SelfSubjectRulesReview": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("SelfSubjectRulesReviewSpec")),
            3: ("status", .object("SubjectRulesReviewStatus")),
        ],
        "SelfSubjectRulesReviewSpec": [
            1: ("namespace", .string),
        ],
        "SubjectAccessReviewStatus": [
            1: ("allowed", .bool), 2: ("reason", .string), 3: ("evaluationError", .string), 4: ("denied", .bool),
        ],
        "SubjectRulesReviewStatus": [
            1: ("resourceRules", .list(.object("ResourceRule"))), 2: ("nonResourceRules", .list(.object("NonResourceRule"))),
            3: ("incomplete", .bool), 4: ("evaluationError", .string),
        ],
        "UserInfo": [
            1: ("username", .string), 2: ("uid", .string), 3: ("groups", .list(.string)),
        ],
    ]
}
