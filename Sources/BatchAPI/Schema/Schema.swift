/// What the API objects look like: each type's fields and their types. One table serves the checking of
/// manifests and request bodies, and what needs to know the structure of an object.
public enum Schema {
    /// Field name to field type.
    public typealias Fields = [String: FieldType]

    /// The type of one field.
    public indirect enum FieldType: Sendable, Hashable {
        case string, int32, int64, bool, double
        /// A resource amount: string or number.
        case quantity
        /// A port or percentage: integer or string.
        case intOrString
        /// RFC 3339, seconds or microseconds.
        case time, microTime
        /// Base64 text.
        case bytes
        /// Anything at all.
        case any
        /// An object with any keys and values of one type.
        case map(FieldType)
        /// A list; with a merge key, a strategic merge patch merges it element by element.
        case list(FieldType, mergeKey: String? = nil)
        /// A list of scalars that a strategic merge patch unites.
        case set(FieldType)
        /// An object of the named type.
        case object(String)
    }

    /// The fields of a type of the batch, core or meta group, by its bare name ("JobSpec"); nil if unknown.
    public static func fields(of type: String) -> Fields? { types[type] }

    private static let types: [String: Fields] = [
        jobTypes, metaTypes, podTypes, containerTypes, podStatusTypes, schedulingTypes, volumeTypes, driverVolumeTypes,
        storageTypes, clusterTypes, nodeTypes, reviewTypes, answerTypes,
    ].reduce(into: [:]) { all, group in all.merge(group, uniquingKeysWith: { $1 }) }
}
