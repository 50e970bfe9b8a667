extension Schema {
    /// Pods and pod templates.
    static let podTypes: [String: Fields] = [
        "AppArmorProfile": [
            "localhostProfile": .string, "type": .string,
        ],
        "HostAlias": [
            "hostnames": .list(.string), "ip": .string,
        ],
        "LocalObjectReference": [
            "name": .string,
        ],
        "ObjectReference": [
            "apiVersion": .string, "fieldPath": .string, "kind": .string, "name": .string, "namespace": .string,
            "resourceVersion": .string, "uid": .string,
        ],
        "Pod": [
            "apiVersion": .string, "kind": .string, "metadata": .object("ObjectMeta"), "spec": .object("PodSpec"),
            "status": .object("PodStatus"),
        ],
        "PodDNSConfig": [
            "nameservers": .list(.string), "options": .list(.object("PodDNSConfigOption")), "searches": .list(.string),
        ],
        "PodDNSConfigOption": [
            "name": .string, "value": .string,
        ],
        "PodOS": [
            "name": .string,
        ],
        "PodReadinessGate": [
            "conditionType": .string,
        ],
        "PodResourceClaim": [
            "name": .string, "resourceClaimName": .string, "resourceClaimTemplateName": .string,
        ],
        "PodSecurityContext": [
            "appArmorProfile": .object("AppArmorProfile"), "fsGroup": .int64, "fsGroupChangePolicy": .string,
            "runAsGroup": .int64, "runAsNonRoot": .bool, "runAsUser": .int64, "seLinuxChangePolicy": .string,
            "seLinuxOptions": .object("SELinuxOptions"), "seccompProfile": .object("SeccompProfile"),
            "supplementalGroups": .list(.int64), "supplementalGroupsPolicy": .string, "sysctls": .list(.object("Sysctl")),
            "windowsOptions": .object("WindowsSecurityContextOptions"),
        ],
        "PodSpec": [
            "activeDeadlineSeconds": .int64, "affinity": .object("Affinity"), "automountServiceAccountToken": .bool,
            "containers": .list(.object("Container"), mergeKey: "name"), "dnsConfig": .object("PodDNSConfig"),
            "dnsPolicy": .string, "enableServiceLinks": .bool,
            "ephemeralContainers": .list(.object("EphemeralContainer"), mergeKey: "name"),
            "hostAliases": .list(.object("HostAlias"), mergeKey: "ip"), "hostIPC": .bool, "hostNetwork": .bool,
            "hostPID": .bool, "hostUsers": .bool, "hostname": .string, "hostnameOverride": .string,
            "imagePullSecrets": .list(.object("LocalObjectReference"), mergeKey: "name"),
            "initContainers": .list(.object("Container"), mergeKey: "name"), "nodeName": .string,
            "nodeSelector": .map(.string), "os": .object("PodOS"), "overhead": .map(.quantity), "preemptionPolicy": .string,
            "priority": .int32, "priorityClassName": .string, "readinessGates": .list(.object("PodReadinessGate")),
            "resourceClaims": .list(.object("PodResourceClaim"), mergeKey: "name"),
            "resources": .object("ResourceRequirements"), "restartPolicy": .string, "runtimeClassName": .string,
            "schedulerName": .string, "schedulingGates": .list(.object("PodSchedulingGate"), mergeKey: "name"),
            "schedulingGroup": .object("PodSchedulingGroup"), "securityContext": .object("PodSecurityContext"),
            "serviceAccount": .string, "serviceAccountName": .string, "setHostnameAsFQDN": .bool,
            "shareProcessNamespace": .bool, "subdomain": .string, "terminationGracePeriodSeconds": .int64,
            "tolerations": .list(.object("Toleration")),
            "topologySpreadConstraints": .list(.object("TopologySpreadConstraint"), mergeKey: "topologyKey"),
            "volumes": .list(.object("Volume"), mergeKey: "name"),
        ],
        "PodTemplateSpec": [
            "metadata": .object("ObjectMeta"), "spec": .object("PodSpec"),
        ],
        "SELinuxOptions": [
            "level": .string, "role": .string, "type": .string, "user": .string,
        ],
        "SeccompProfile": [
            "localhostProfile": .string, "type": .string,
        ],
        "Sysctl": [
            "name": .string, "value": .string,
        ],
        "WindowsSecurityContextOptions": [
            "gmsaCredentialSpec": .string, "gmsaCredentialSpecName": .string, "hostProcess": .bool, "runAsUserName": .string,
        ],
    ]
}
