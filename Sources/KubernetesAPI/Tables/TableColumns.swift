/// The columns of each table, with the texts that Kubernetes gives them.
enum TableColumns {
    static let jobs: [TableColumn] = [
        name,
        TableColumn(name: "Status", description: "Status of the job."),
        TableColumn(
            name: "Completions",
            description: """
                The number of pods which reached phase Succeeded. The value increases monotonically for a given spec. However, it \
                may decrease in reaction to scale down of elastic indexed jobs.
                """),
        TableColumn(name: "Duration", description: "Time required to complete the job."),
        age,
        TableColumn(name: "Containers", description: "Names of each container in the template.", priority: 1),
        TableColumn(name: "Images", description: "Images referenced by each container in the template.", priority: 1),
        TableColumn(
            name: "Selector",
            description: """
                A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: \
                https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
                """, priority: 1),
    ]

    static let pods: [TableColumn] = [
        name,
        TableColumn(name: "Ready", description: "The aggregate readiness state of this pod for accepting traffic."),
        TableColumn(name: "Status", description: "The aggregate status of the containers in this pod."),
        TableColumn(
            name: "Restarts",
            description: """
                The number of times the containers in this pod have been restarted and when the last container in this pod has \
                restarted.
                """),
        age,
        TableColumn(
            name: "IP",
            description: """
                podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.
                """, priority: 1),
        TableColumn(
            name: "Node",
            description: """
                NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the \
                scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the \
                lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific \
                node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename
                """, priority: 1),
        TableColumn(
            name: "Nominated Node",
            description: """
                nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away \
                as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will \
                be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. \
                Scheduler may also decide to give the resources on this node to a higher priority pod that is created after \
                preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.
                """, priority: 1),
        TableColumn(
            name: "Readiness Gates",
            description: """
                If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are \
                ready AND all conditions specified in the readiness gates have status equal to "True" More info: \
                https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates
                """, priority: 1),
    ]

    static let nodes: [TableColumn] = [
        name,
        TableColumn(name: "Status", description: "The status of the node"),
        TableColumn(name: "Roles", description: "The roles of the node"),
        age,
        TableColumn(name: "Version", description: "Kubelet Version reported by the node."),
        TableColumn(
            name: "Internal-IP",
            description: """
                List of addresses reachable to the node. Queried from cloud provider, if available. More info: \
                https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but \
                the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should \
                instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that \
                addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be \
                possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API \
                (status.hostIP).
                """, priority: 1),
        TableColumn(
            name: "External-IP",
            description: """
                List of addresses reachable to the node. Queried from cloud provider, if available. More info: \
                https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but \
                the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should \
                instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that \
                addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be \
                possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API \
                (status.hostIP).
                """, priority: 1),
        TableColumn(
            name: "OS-Image", description: "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).", priority: 1),
        TableColumn(
            name: "Kernel-Version", description: "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).", priority: 1),
        TableColumn(
            name: "Container-Runtime",
            description: """
                ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).
                """, priority: 1),
    ]

    static let leases: [TableColumn] = [
        name,
        TableColumn(
            name: "Holder",
            description: """
                holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the \
                holder identity must be equal to the elected LeaseCandidate.metadata.name field.
                """),
        age,
    ]

    static let namespaces: [TableColumn] = [
        name,
        TableColumn(name: "Status", description: "The status of the namespace"),
        age,
    ]

    /// Name, what is the kind's own, age.
    static func plain(_ columns: [TableColumn]) -> [TableColumn] { [name] + columns + [age] }

    private static let name = name(priority: 0)

    static func name(priority: Int) -> TableColumn {
        TableColumn(
            name: "Name", format: "name",
            description: """
                Name must be unique within a namespace. Is required when creating resources, although some resources may allow a \
                client to request the generation of an appropriate name automatically. Name is primarily intended for creation \
                idempotence and configuration definition. Cannot be updated. More info: \
                https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names
                """, priority: priority)
    }

    private static let age = TableColumn(
        name: "Age",
        description: """
            CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be \
            set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 \
            form and is in UTC.

            Populated by the system. Read-only. Null for lists. More info: \
            https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata
            """)
}
