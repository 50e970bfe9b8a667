/// Kinds that are only asked: posting one is answered with what it asks for.
extension Catalog {
    static let accessReviews = review("authorization.k8s.io", "SelfSubjectAccessReview")
    static let rulesReviews = review("authorization.k8s.io", "SelfSubjectRulesReview")
    static let subjectReviews = review("authentication.k8s.io", "SelfSubjectReview")
    static let reviews = [subjectReviews, accessReviews, rulesReviews]

    private static func review(_ group: String, _ kind: String) -> ResourceKind {
        let singular = kind.lowercased()
        return ResourceKind(
            group: group, version: "v1", name: singular + "s", singular: singular, kind: kind, isNamespaced: false, verbs: ["create"])
    }
}
