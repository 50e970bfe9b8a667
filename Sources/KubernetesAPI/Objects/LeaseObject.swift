import BatchAPI
import Broker

/// The leadership as the Lease `kube-system/drover`.
enum LeaseObject {
    static let namespace = "kube-system"
    static let name = "drover"

    /// `renewed` is when the leader was last seen to renew.
    static func value(_ leader: LeaderRecord, renewed: Timestamp, duration: Duration) -> Value {
        [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "uid": "00000000-0000-4000-8000-6c6561646572",
                "resourceVersion": .string(leader.version), "creationTimestamp": leader.acquired.value,
            ],
            "spec": [
                "holderIdentity": .string(holder(leader)), "leaseDurationSeconds": .int(max(1, duration.components.seconds)),
                "acquireTime": .string(leader.acquired.rfc3339Micro), "renewTime": .string(renewed.rfc3339Micro),
                "leaseTransitions": .int(max(0, leader.epoch - 1)),
            ],
        ]
    }

    /// Instance and address.
    private static func holder(_ leader: LeaderRecord) -> String {
        leader.address.isEmpty ? leader.instance : "\(leader.instance)_\(leader.address)"
    }
}
