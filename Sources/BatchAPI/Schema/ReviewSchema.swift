extension Schema {
    /// What a client asks to learn who it is and what it may do.
    static let reviewTypes: [String: Fields] = [
        "FieldSelectorAttributes": [
            "rawSelector": .string, "requirements": .list(.object("FieldSelectorRequirement")),
        ],
        "FieldSelectorRequirement": [
            "key": .string, "operator": .string, "values": .list(.string),
        ],
        "LabelSelectorAttributes": [
            "rawSelector": .string, "requirements": .list(.object("LabelSelectorRequirement")),
        ],
        "NonResourceAttributes": [
            "path": .string, "verb": .string,
        ],
        "NonResourceRule": [
            "nonResourceURLs": .list(.string), "verbs": .list(.string),
        ],
        "ResourceAttributes": [
            "fieldSelector": .object("FieldSelectorAttributes"), "group": .string,
            "labelSelector": .object("LabelSelectorAttributes"), "name": .string, "namespace": .string,
            "resource": .string, "subresource": .string, "verb": .string, "version": .string,
        ],
        "ResourceRule": [
            "apiGroups": .list(.string), "resourceNames": .list(.string), "resources": .list(.string),
            "verbs": .list(.string),
        ],
        "SelfSubjectAccessReview": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"),
            "spec": .object("SelfSubjectAccessReviewSpec"), "status": .object("SubjectAccessReviewStatus"),
        ],
        "SelfSubjectAccessReviewSpec": [
            "nonResourceAttributes": .object("NonResourceAttributes"), "resourceAttributes": .object("ResourceAttributes"),
        ],
        "SelfSubjectReview": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"),
            "status": .object("SelfSubjectReviewStatus"),
        ],
        "SelfSubjectReviewStatus": [
            "userInfo": .object("UserInfo"),
        ],
        "SelfSubjectRulesReview": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"),
            "spec": .object("SelfSubjectRulesReviewSpec"), "status": .object("SubjectRulesReviewStatus"),
        ],
        "SelfSubjectRulesReviewSpec": [
            "namespace": .string,
        ],
        "SubjectAccessReviewStatus": [
            "allowed": .bool, "denied": .bool, "evaluationError": .string, "reason": .string,
        ],
        "SubjectRulesReviewStatus": [
            "evaluationError": .string, "incomplete": .bool, "nonResourceRules": .list(.object("NonResourceRule")),
            "resourceRules": .list(.object("ResourceRule")),
        ],
        "UserInfo": [
            "extra": .map(.list(.string)), "groups": .list(.string), "uid": .string, "username": .string,
        ],
    ]
}
