import BatchAPI

/// The namespaces that are always there.
enum NamespaceObject {
    static let all: [Value] = ["default", "kube-system"].enumerated().map { position, name in
        [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": [
                "name": .string(name), "uid": .string("00000000-0000-4000-8000-00000000000\(position + 1)"), "resourceVersion": "1",
                "labels": ["kubernetes.io/metadata.name": .string(name)],
            ],
            "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
        ]
    }
}
