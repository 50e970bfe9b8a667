import BatchAPI

/// The form in which a client wants an object or a list.
enum Representation: Sendable, Hashable {
    case object
    /// Rows and cells, as `kubectl get` prints them.
    case table
    /// Metadata only.
    case metadata
    /// Discovery in one document for all groups.
    case discovery
}

/// One entry of an Accept header.
struct AcceptedType: Sendable, Hashable {
    var type: String
    var parameters: [String: String]

    /// The entries of a header, in its order (q is not looked at); no header accepts anything.
    static func parse(_ header: String) -> [AcceptedType] {
        let entries = header.split(separator: ",").map(AcceptedType.init)
        return entries.isEmpty ? [AcceptedType("*/*")] : entries
    }

    private init(_ text: Substring) {
        let parts = text.split(separator: ";").map(\.trimmingSpaces)
        type = (parts.first ?? "").lowercased()
        parameters = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parameters[pair[0].lowercased()] = String(pair[1]) }
        }
    }

    /// What this entry asks for, if it can be given.
    fileprivate var representation: Representation? {
        guard ["application/json", "application/*", "*/*"].contains(type) else { return nil }
        let version = "\(parameters["g"] ?? "")/\(parameters["v"] ?? "")"
        switch (parameters["as"], version) {
        case (nil, _): return .object
        case ("Table", "meta.k8s.io/v1"): return .table
        case ("PartialObjectMetadata", "meta.k8s.io/v1"), ("PartialObjectMetadataList", "meta.k8s.io/v1"): return .metadata
        case ("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2"): return .discovery
        default: return nil
        }
    }
}

extension APIRequest {
    /// The first of the forms that the client accepts and `offered` holds.
    func representation(of offered: Set<Representation>) throws(APIStatus) -> Representation {
        for type in AcceptedType.parse(accept) {
            if let wanted = type.representation, offered.contains(wanted) { return wanted }
        }
        throw .notAcceptable
    }
}
