/// Fields that take one of a few words.
enum OpenAPIEnums {
    /// By "Type.field"; of a list or map, the words of its elements.
    static let words: [String: [String]] = [
        "AppArmorProfile.type": ["Localhost", "RuntimeDefault", "Unconfined"],
        "AzureDiskVolumeSource.cachingMode": ["None", "ReadOnly", "ReadWrite"],
        "AzureDiskVolumeSource.kind": ["Dedicated", "Managed", "Shared"], "Container.imagePullPolicy": ["Always", "IfNotPresent", "Never"],
        "Container.terminationMessagePolicy": ["FallbackToLogsOnError", "File"], "ContainerPort.protocol": ["SCTP", "TCP", "UDP"],
        "ContainerStatus.stopSignal": signals, "EphemeralContainer.imagePullPolicy": ["Always", "IfNotPresent", "Never"],
        "EphemeralContainer.terminationMessagePolicy": ["FallbackToLogsOnError", "File"], "HTTPGetAction.scheme": ["HTTP", "HTTPS"],
        "HostPathVolumeSource.type": ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"],
        "ImageVolumeSource.pullPolicy": ["Always", "IfNotPresent", "Never"], "JobSpec.completionMode": ["Indexed", "NonIndexed"],
        "JobSpec.podReplacementPolicy": ["Failed", "TerminatingOrFailed"], "Lifecycle.stopSignal": signals,
        "ModifyVolumeStatus.status": ["InProgress", "Infeasible", "Pending"], "NamespaceStatus.phase": ["Active", "Terminating"],
        "NodeSelectorRequirement.operator": ["DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"],
        "NodeStatus.phase": ["Pending", "Running", "Terminated"],
        "PersistentVolumeClaimSpec.accessModes": ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"],
        "PersistentVolumeClaimSpec.volumeMode": ["Block", "Filesystem"],
        "PersistentVolumeClaimStatus.accessModes": ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"],
        "PersistentVolumeClaimStatus.allocatedResourceStatuses": [
            "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending",
        ],
        "PersistentVolumeClaimStatus.phase": ["Bound", "Lost", "Pending"],
        "PodFailurePolicyOnExitCodesRequirement.operator": ["In", "NotIn"],
        "PodFailurePolicyRule.action": ["Count", "FailIndex", "FailJob", "Ignore"],
        "PodSecurityContext.fsGroupChangePolicy": ["Always", "OnRootMismatch"],
        "PodSecurityContext.supplementalGroupsPolicy": ["Merge", "Strict"],
        "PodSpec.dnsPolicy": ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
        "PodSpec.preemptionPolicy": ["Never", "PreemptLowerPriority"], "PodSpec.restartPolicy": ["Always", "Never", "OnFailure"],
        "PodStatus.phase": ["Failed", "Pending", "Running", "Succeeded", "Unknown"],
        "PodStatus.qosClass": ["BestEffort", "Burstable", "Guaranteed"],
        "SeccompProfile.type": ["Localhost", "RuntimeDefault", "Unconfined"], "SecurityContext.procMount": ["Default", "Unmasked"],
        "Taint.effect": ["NoExecute", "NoSchedule", "PreferNoSchedule"],
        "Toleration.effect": ["NoExecute", "NoSchedule", "PreferNoSchedule"], "Toleration.operator": ["Equal", "Exists", "Gt", "Lt"],
        "TopologySpreadConstraint.nodeAffinityPolicy": ["Honor", "Ignore"],
        "TopologySpreadConstraint.nodeTaintsPolicy": ["Honor", "Ignore"],
        "TopologySpreadConstraint.whenUnsatisfiable": ["DoNotSchedule", "ScheduleAnyway"],
        "VolumeMount.mountPropagation": ["Bidirectional", "HostToContainer", "None"],
    ]

    private static let signals =
        (plainSignals + ["SIGRTMAX", "SIGRTMIN"] + (1...14).map { "SIGRTMAX-\($0)" } + (1...15).map { "SIGRTMIN+\($0)" }).sorted()

    private static let plainSignals = [
        "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGIO", "SIGIOT",
        "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGSEGV", "SIGSTKFLT", "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP",
        "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ",
    ]
}
