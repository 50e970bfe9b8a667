extension ProtobufTable {
    private static let container: Fields = [
        1: ("name", .string), 2: ("image", .string), 3: ("command", .list(.string)), 4: ("args", .list(.string)),
        5: ("workingDir", .string), 6: ("ports", .list(.object("ContainerPort"))), 7: ("env", .list(.object("EnvVar"))),
        8: ("resources", .object("ResourceRequirements")), 9: ("volumeMounts", .list(.object("VolumeMount"))),
        10: ("livenessProbe", .optional(.object("Probe"))), 11: ("readinessProbe", .optional(.object("Probe"))),
        12: ("lifecycle", .optional(.object("Lifecycle"))), 13: ("terminationMessagePath", .string),
        14: ("imagePullPolicy", .string), 15: ("securityContext", .optional(.object("SecurityContext"))),
        16: ("stdin", .bool), 17: ("stdinOnce", .bool), 18: ("tty", .bool), 19: ("envFrom", .list(.object("EnvFromSource"))),
        20: ("terminationMessagePolicy", .string), 21: ("volumeDevices", .list(.object("VolumeDevice"))),
        22: ("startupProbe", .optional(.object("Probe"))), 23: ("resizePolicy", .list(.object("ContainerResizePolicy"))),
        24: ("restartPolicy", .optional(.string)), 25: ("restartPolicyRules", .list(.object("ContainerRestartRule"))),
    ]

    /// Containers and what they hold.
    static let containerTypes: [String: Fields] = [
        "AppArmorProfile": [
            1: ("type", .string), 2: ("localhostProfile", .optional(.string)),
        ],
        "Capabilities": [
            1: ("add", .list(.string)), 2: ("drop", .list(.string)),
        ],
        "ConfigMapEnvSource": [
            1: ("", .inline("LocalObjectReference")), 2: ("optional", .optional(.bool)),
        ],
        "ConfigMapKeySelector": [
            1: ("", .inline("LocalObjectReference")), 2: ("key", .string), 3: ("optional", .optional(.bool)),
        ],
        "Container": container,
        "ContainerPort": [
            1: ("name", .string), 2: ("hostPort", .int32), 3: ("containerPort", .int32), 4: ("protocol", .string),
            5: ("hostIP", .string),
        ],
        "ContainerResizePolicy": [
            1: ("resourceName", .string), 2: ("restartPolicy", .string),
        ],
        "ContainerRestartRule": [
            1: ("action", .string), 2: ("exitCodes", .optional(.object("ContainerRestartRuleOnExitCodes"))),
        ],
        "ContainerRestartRuleOnExitCodes": [
            1: ("operator", .string), 2: ("values", .list(.int32)),
        ],
        "EnvFromSource": [
            1: ("prefix", .string), 2: ("configMapRef", .optional(.object("ConfigMapEnvSource"))),
            3: ("secretRef", .optional(.object("SecretEnvSource"))),
        ],
        "EnvVar": [
            1: ("name", .string), 2: ("value", .string), 3: ("valueFrom", .optional(.object("EnvVarSource"))),
        ],
        "EnvVarSource": [
            1: ("fieldRef", .optional(.object("ObjectFieldSelector"))),
            2: ("resourceFieldRef", .optional(.object("ResourceFieldSelector"))),
            3: ("configMapKeyRef", .optional(.object("ConfigMapKeySelector"))),
            4: ("secretKeyRef", .optional(.object("SecretKeySelector"))),
            5: ("fileKeyRef", .optional(.object("FileKeySelector"))),
        ],
        "EphemeralContainer": [
            1: ("", .inline("EphemeralContainerCommon")), 2: ("targetContainerName", .string),
        ],
        "EphemeralContainerCommon": container,
        "ExecAction": [
            1: ("command", .list(.string)),
        ],
        "FileKeySelector": [
            1: ("volumeName", .string), 2: ("path", .string), 3: ("key", .string), 4: ("optional", .optional(.bool)),
        ],
        "GRPCAction": [
            1: ("port", .int32), 2: ("service", .optional(.string)),
        ],
        "HTTPGetAction": [
            1: ("path", .string), 2: ("port", .intOrString), 3: ("host", .string), 4: ("scheme", .string),
            5: ("httpHeaders", .list(.object("HTTPHeader"))),
        ],
        "HTTPHeader": [
            1: ("name", .string), 2: ("value", .string),
        ],
        "Lifecycle": [
            1: ("postStart", .optional(.object("LifecycleHandler"))), 2: ("preStop", .optional(.object("LifecycleHandler"))),
            3: ("stopSignal", .optional(.string)),
        ],
        "LifecycleHandler": [
            1: ("exec", .optional(.object("ExecAction"))), 2: ("httpGet", .optional(.object("HTTPGetAction"))),
            3: ("tcpSocket", .optional(.object("TCPSocketAction"))), 4: ("sleep", .optional(.object("SleepAction"))),
        ],
        "ObjectFieldSelector": [
            1: ("apiVersion", .string), 2: ("fieldPath", .string),
        ],
        "Probe": [
            1: ("", .inline("ProbeHandler")), 2: ("initialDelaySeconds", .int32), 3: ("timeoutSeconds", .int32),
            4: ("periodSeconds", .int32), 5: ("successThreshold", .int32), 6: ("failureThreshold", .int32),
            7: ("terminationGracePeriodSeconds", .optional(.int64)),
        ],
        "ProbeHandler": [
            1: ("exec", .optional(.object("ExecAction"))), 2: ("httpGet", .optional(.object("HTTPGetAction"))),
            3: ("tcpSocket", .optional(.object("TCPSocketAction"))), 4: ("grpc", .optional(.object("GRPCAction"))),
        ],
        "ResourceClaim": [
            1: ("name", .string), 2: ("request", .string),
        ],
        "ResourceFieldSelector": [
            1: ("containerName", .string), 2: ("resource", .string), 3: ("divisor", .quantity),
        ],
        "ResourceRequirements": [
            1: ("limits", .map(.quantity)), 2: ("requests", .map(.quantity)), 3: ("claims", .list(.object("ResourceClaim"))),
        ],
        "SELinuxOptions": [
            1: ("user", .string), 2: ("role", .string), 3: ("type", .string), 4: ("level", .string),
        ],
        "SeccompProfile": [
            1: ("type", .string), 2: ("localhostProfile", .optional(.string)),
        ],
        "SecretEnvSource": [
            1: ("", .inline("LocalObjectReference")), 2: ("optional", .optional(.bool)),
        ],
        "SecretKeySelector": [
            1: ("", .inline("LocalObjectReference")), 2: ("key", .string), 3: ("optional", .optional(.bool)),
        ],
        "SecurityContext": [
            1: ("capabilities", .optional(.object("Capabilities"))), 2: ("privileged", .optional(.bool)),
            3: ("seLinuxOptions", .optional(.object("SELinuxOptions"))), 4: ("runAsUser", .optional(.int64)),
            5: ("runAsNonRoot", .optional(.bool)), 6: ("readOnlyRootFilesystem", .optional(.bool)),
            7: ("allowPrivilegeEscalation", .optional(.bool)), 8: ("runAsGroup", .optional(.int64)),
            9: ("procMount", .optional(.string)), 10: ("windowsOptions", .optional(.object("WindowsSecurityContextOptions"))),
            11: ("seccompProfile", .optional(.object("SeccompProfile"))),
            12: ("appArmorProfile", .optional(.object("AppArmorProfile"))),
        ],
        "SleepAction": [
            1: ("seconds", .int64),
        ],
        "TCPSocketAction": [
            1: ("port", .intOrString), 2: ("host", .string),
        ],
        "VolumeDevice": [
            1: ("name", .string), 2: ("devicePath", .string),
        ],
        "VolumeMount": [
            1: ("name", .string), 2: ("readOnly", .bool), 3: ("mountPath", .string), 4: ("subPath", .string),
            5: ("mountPropagation", .optional(.string)), 6: ("subPathExpr", .string),
            7: ("recursiveReadOnly", .optional(.string)),
        ],
        "WindowsSecurityContextOptions": [
            1: ("gmsaCredentialSpecName", .optional(.string)), 2: ("gmsaCredentialSpec", .optional(.string)),
            3: ("runAsUserName", .optional(.string)), 4: ("hostProcess", .optional(.bool)),
        ],
    ]
}
