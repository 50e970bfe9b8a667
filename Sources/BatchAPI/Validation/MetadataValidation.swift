/// The rules for the metadata of a namespaced object whose name is a DNS subdomain (V7).
enum MetadataValidation {
    static let maximumAnnotationBytes = 256 * 1024

    /// `ownLabels` are the labels to check, where some were put there by the server.
    static func validate(_ metadata: ObjectMeta, ownLabels: [String: String]) -> [FieldError] {
        var list = ErrorList()
        if let prefix = metadata.generateName, !prefix.isEmpty {
            // What completes the prefix ends it well, so a last dash or dot is fine.
            list.invalid("metadata.generateName", prefix, NameRules.dnsSubdomain(prefix.hasSuffix("-") ? prefix + "a" : prefix))
        }
        if metadata.name.isEmpty {
            list.add(.required("metadata.name", "name or generateName is required"))
        } else {
            list.invalid("metadata.name", metadata.name, NameRules.dnsSubdomain(metadata.name))
        }
        list.invalid("metadata.namespace", metadata.namespace, metadata.namespace.isEmpty ? [] : NameRules.dnsLabel(metadata.namespace))
        list.add(labels(ownLabels, "metadata.labels"))
        list.add(annotations(metadata.annotations, "metadata.annotations"))
        list.add(owners(metadata.ownerReferences))
        list.add(finalizers(metadata.finalizers))
        return list.errors
    }

    static func labels(_ labels: [String: String], _ path: String) -> [FieldError] {
        var list = ErrorList()
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            list.invalid(path, key, NameRules.labelKey(key))
            list.invalid(path, value, NameRules.labelValue(value))
        }
        return list.errors
    }

    static func annotations(_ annotations: [String: String], _ path: String) -> [FieldError] {
        var list = ErrorList()
        for key in annotations.keys.sorted() { list.invalid(path, key, NameRules.qualifiedName(key.lowercased())) }
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > maximumAnnotationBytes { list.add(.tooLong(path, limit: maximumAnnotationBytes)) }
        return list.errors
    }

    private static func owners(_ references: [Value]) -> [FieldError] {
        var list = ErrorList()
        let path = "metadata.ownerReferences"
        for reference in references {
            if reference["apiVersion"]?.string ?? "" == "" {
                list.add(.invalid("\(path).apiVersion", "", "version must not be empty"))
            }
            for key in ["kind", "name", "uid"] where reference[key]?.string ?? "" == "" {
                list.add(.invalid("\(path).\(key)", "", "must not be empty"))
            }
        }
        if references.count(where: { $0["controller"]?.bool == true }) > 1 {
            list.add(.invalid(path, .array(references), "Only one reference can have Controller set to true."))
        }
        return list.errors
    }

    private static func finalizers(_ finalizers: [String]) -> [FieldError] {
        var list = ErrorList()
        for (position, name) in finalizers.enumerated() {
            list.invalid("metadata.finalizers", name, NameRules.qualifiedName(name))
            if !name.contains("/"), !["orphan", "foregroundDeletion", "kubernetes"].contains(name) {
                let detail = "name is neither a standard finalizer name nor is it fully qualified"
                list.add(.invalid("metadata.finalizers[\(position)]", .string(name), detail))
            }
        }
        return list.errors
    }
}
