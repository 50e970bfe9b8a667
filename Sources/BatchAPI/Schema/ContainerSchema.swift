extension Schema {
    /// Containers and what stands in them.
    static let containerTypes: [String: Fields] = [
        "Capabilities": [
            "add": .list(.string), "drop": .list(.string),
        ],
        "ConfigMapEnvSource": [
            "name": .string, "optional": .bool,
        ],
        "ConfigMapKeySelector": [
            "key": .string, "name": .string, "optional": .bool,
        ],
        "Container": [
            "args": .list(.string), "command": .list(.string), "env": .list(.object("EnvVar"), mergeKey: "name"),
            "envFrom": .list(.object("EnvFromSource")), "image": .string, "imagePullPolicy": .string,
            "lifecycle": .object("Lifecycle"), "livenessProbe": .object("Probe"), "name": .string,
            "ports": .list(.object("ContainerPort"), mergeKey: "containerPort"), "readinessProbe": .object("Probe"),
            "resizePolicy": .list(.object("ContainerResizePolicy")), "resources": .object("ResourceRequirements"),
            "restartPolicy": .string, "restartPolicyRules": .list(.object("ContainerRestartRule")),
            "securityContext": .object("SecurityContext"), "startupProbe": .object("Probe"), "stdin": .bool,
            "stdinOnce": .bool, "terminationMessagePath": .string, "terminationMessagePolicy": .string, "tty": .bool,
            "volumeDevices": .list(.object("VolumeDevice"), mergeKey: "devicePath"),
            "volumeMounts": .list(.object("VolumeMount"), mergeKey: "mountPath"), "workingDir": .string,
        ],
        "ContainerPort": [
            "containerPort": .int32, "hostIP": .string, "hostPort": .int32, "name": .string, "protocol": .string,
        ],
        "ContainerResizePolicy": [
            "resourceName": .string, "restartPolicy": .string,
        ],
        "ContainerRestartRule": [
            "action": .string, "exitCodes": .object("ContainerRestartRuleOnExitCodes"),
        ],
        "ContainerRestartRuleOnExitCodes": [
            "operator": .string, "values": .list(.int32),
        ],
        "EnvFromSource": [
            "configMapRef": .object("ConfigMapEnvSource"), "prefix": .string, "secretRef": .object("SecretEnvSource"),
        ],
        "EnvVar": [
            "name": .string, "value": .string, "valueFrom": .object("EnvVarSource"),
        ],
        "EnvVarSource": [
            "configMapKeyRef": .object("ConfigMapKeySelector"), "fieldRef": .object("ObjectFieldSelector"),
            "fileKeyRef": .object("FileKeySelector"), "resourceFieldRef": .object("ResourceFieldSelector"),
            "secretKeyRef": .object("SecretKeySelector"),
        ],
        "EphemeralContainer": [
            "args": .list(.string), "command": .list(.string), "env": .list(.object("EnvVar"), mergeKey: "name"),
            "envFrom": .list(.object("EnvFromSource")), "image": .string, "imagePullPolicy": .string,
            "lifecycle": .object("Lifecycle"), "livenessProbe": .object("Probe"), "name": .string,
            "ports": .list(.object("ContainerPort"), mergeKey: "containerPort"), "readinessProbe": .object("Probe"),
            "resizePolicy": .list(.object("ContainerResizePolicy")), "resources": .object("ResourceRequirements"),
            "restartPolicy": .string, "restartPolicyRules": .list(.object("ContainerRestartRule")),
            "securityContext": .object("SecurityContext"), "startupProbe": .object("Probe"), "stdin": .bool,
            "stdinOnce": .bool, "targetContainerName": .string, "terminationMessagePath": .string,
            "terminationMessagePolicy": .string, "tty": .bool,
            "volumeDevices": .list(.object("VolumeDevice"), mergeKey: "devicePath"),
            "volumeMounts": .list(.object("VolumeMount"), mergeKey: "mountPath"), "workingDir": .string,
        ],
        "ExecAction": [
            "command": .list(.string),
        ],
        "FileKeySelector": [
            "key": .string, "optional": .bool, "path": .string, "volumeName": .string,
        ],
        "GRPCAction": [
            "port": .int32, "service": .string,
        ],
        "HTTPGetAction": [
            "host": .string, "httpHeaders": .list(.object("HTTPHeader")), "path": .string, "port": .intOrString,
            "scheme": .string,
        ],
        "HTTPHeader": [
            "name": .string, "value": .string,
        ],
        "Lifecycle": [
            "postStart": .object("LifecycleHandler"), "preStop": .object("LifecycleHandler"), "stopSignal": .string,
        ],
        "LifecycleHandler": [
            "exec": .object("ExecAction"), "httpGet": .object("HTTPGetAction"), "sleep": .object("SleepAction"),
            "tcpSocket": .object("TCPSocketAction"),
        ],
        "ObjectFieldSelector": [
            "apiVersion": .string, "fieldPath": .string,
        ],
        "Probe": [
            "exec": .object("ExecAction"), "failureThreshold": .int32, "grpc": .object("GRPCAction"),
            "httpGet": .object("HTTPGetAction"), "initialDelaySeconds": .int32, "periodSeconds": .int32,
            "successThreshold": .int32, "tcpSocket": .object("TCPSocketAction"), "terminationGracePeriodSeconds": .int64,
            "timeoutSeconds": .int32,
        ],
        "ResourceClaim": [
            "name": .string, "request": .string,
        ],
        "ResourceFieldSelector": [
            "containerName": .string, "divisor": .quantity, "resource": .string,
        ],
        "ResourceRequirements": [
            "claims": .list(.object("ResourceClaim")), "limits": .map(.quantity), "requests": .map(.quantity),
        ],
        "SecretEnvSource": [
            "name": .string, "optional": .bool,
        ],
        "SecretKeySelector": [
            "key": .string, "name": .string, "optional": .bool,
        ],
        "SecurityContext": [
            "allowPrivilegeEscalation": .bool, "appArmorProfile": .object("AppArmorProfile"),
            "capabilities": .object("Capabilities"), "privileged": .bool, "procMount": .string,
            "readOnlyRootFilesystem": .bool, "runAsGroup": .int64, "runAsNonRoot": .bool, "runAsUser": .int64,
            "seLinuxOptions": .object("SELinuxOptions"), "seccompProfile": .object("SeccompProfile"),
            "windowsOptions": .object("WindowsSecurityContextOptions"),
        ],
        "SleepAction": [
            "seconds": .int64,
        ],
        "TCPSocketAction": [
            "host": .string, "port": .intOrString,
        ],
        "VolumeDevice": [
            "devicePath": .string, "name": .string,
        ],
        "VolumeMount": [
            "mountPath": .string, "mountPropagation": .string, "name": .string, "readOnly": .bool,
            "recursiveReadOnly": .string, "subPath": .string, "subPathExpr": .string,
        ],
    ]
}
