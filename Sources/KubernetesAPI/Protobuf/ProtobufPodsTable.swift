extension ProtobufTable {
    /// Pods as they are wanted.
    static let podTypes: [String: Fields] = [
        "HostAlias": [
            1: ("ip", .string), 2: ("hostnames", .list(.string)),
        ],
        "Pod": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("PodSpec")), 3: ("status", .object("PodStatus")),
        ],
        "PodDNSConfig": [
            1: ("nameservers", .list(.string)), 2: ("searches", .list(.string)),
            3: ("options", .list(.object("PodDNSConfigOption"))),
        ],
        "PodDNSConfigOption": [
            1: ("name", .string), 2: ("value", .optional(.string)),
        ],
        "PodOS": [
            1: ("name", .string),
        ],
        "PodReadinessGate": [
            1: ("conditionType", .string),
        ],
        "PodResourceClaim": [
            1: ("name", .string), 3: ("resourceClaimName", .optional(.string)),
            4: ("resourceClaimTemplateName", .optional(.string)),
        ],
        "PodSchedulingGate": [
            1: ("name", .string),
        ],
        "PodSecurityContext": [
            1: ("seLinuxOptions", .optional(.object("SELinuxOptions"))), 2: ("runAsUser", .optional(.int64)),
            3: ("runAsNonRoot", .optional(.bool)), 4: ("supplementalGroups", .list(.int64)), 5: ("fsGroup", .optional(.int64)),
            6: ("runAsGroup", .optional(.int64)), 7: ("sysctls", .list(.object("Sysctl"))),
            8: ("windowsOptions", .optional(.object("WindowsSecurityContextOptions"))),
            9: ("fsGroupChangePolicy", .optional(.string)), 10: ("seccompProfile", .optional(.object("SeccompProfile"))),
            11: ("appArmorProfile", .optional(.object("AppArmorProfile"))), 12: ("supplementalGroupsPolicy", .optional(.string)),
            13: ("seLinuxChangePolicy", .optional(.string)),
        ],
        "PodSpec": [
            1: ("volumes", .list(.object("Volume"))), 2: ("containers", .list(.object("Container"))),
            3: ("restartPolicy", .string), 4: ("terminationGracePeriodSeconds", .optional(.int64)),
            5: ("activeDeadlineSeconds", .optional(.int64)), 6: ("dnsPolicy", .string), 7: ("nodeSelector", .map(.string)),
            8: ("serviceAccountName", .string), 9: ("serviceAccount", .string), 10: ("nodeName", .string),
            11: ("hostNetwork", .bool), 12: ("hostPID", .bool), 13: ("hostIPC", .bool),
            14: ("securityContext", .optional(.object("PodSecurityContext"))),
            15: ("imagePullSecrets", .list(.object("LocalObjectReference"))), 16: ("hostname", .string),
            17: ("subdomain", .string), 18: ("affinity", .optional(.object("Affinity"))), 19: ("schedulerName", .string),
            20: ("initContainers", .list(.object("Container"))), 21: ("automountServiceAccountToken", .optional(.bool)),
            22: ("tolerations", .list(.object("Toleration"))), 23: ("hostAliases", .list(.object("HostAlias"))),
            24: ("priorityClassName", .string), 25: ("priority", .optional(.int32)),
            26: ("dnsConfig", .optional(.object("PodDNSConfig"))), 27: ("shareProcessNamespace", .optional(.bool)),
            28: ("readinessGates", .list(.object("PodReadinessGate"))), 29: ("runtimeClassName", .optional(.string)),
            30: ("enableServiceLinks", .optional(.bool)), 31: ("preemptionPolicy", .optional(.string)),
            32: ("overhead", .map(.quantity)), 33: ("topologySpreadConstraints", .list(.object("TopologySpreadConstraint"))),
            34: ("ephemeralContainers", .list(.object("EphemeralContainer"))), 35: ("setHostnameAsFQDN", .optional(.bool)),
            36: ("os", .optional(.object("PodOS"))), 37: ("hostUsers", .optional(.bool)),
            38: ("schedulingGates", .list(.object("PodSchedulingGate"))),
            39: ("resourceClaims", .list(.object("PodResourceClaim"))),
            40: ("resources", .optional(.object("ResourceRequirements"))), 41: ("hostnameOverride", .optional(.string)),
        ],
        "PodTemplateSpec": [
            1: ("metadata", .object("ObjectMeta")), 2: ("spec", .object("PodSpec")),
        ],
        "Sysctl": [
            1: ("name", .string), 2: ("value", .string),
        ],
    ]
}
