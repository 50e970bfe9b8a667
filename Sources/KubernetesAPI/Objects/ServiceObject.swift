import BatchAPI

/// The Service `kubernetes` of the namespace `default`, by which clients learn where the API is.
enum ServiceObject {
    static let namespace = "default"

    /// - Parameter address: where the API listens, as "127.0.0.1:7480".
    static func value(address: String) -> Value {
        let (host, text) = HostAndPort.split(address) ?? ("127.0.0.1", nil)
        let port = Value.int(text.flatMap { Int64($0) } ?? 7480)
        return [
            "apiVersion": "v1", "kind": "Service",
            "metadata": [
                "name": "kubernetes", "namespace": .string(namespace), "uid": "00000000-0000-4000-8000-736572766963", "resourceVersion": "1",
                "labels": ["component": "apiserver", "provider": "kubernetes"],
            ],
            "spec": [
                "ports": [["name": "http", "protocol": "TCP", "port": port, "targetPort": port]], "clusterIP": .string(host),
                "clusterIPs": [.string(host)], "type": "ClusterIP", "sessionAffinity": "None",
                "ipFamilies": [host.contains(":") ? "IPv6" : "IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
            ],
            "status": ["loadBalancer": .object([:])],
        ]
    }
}
