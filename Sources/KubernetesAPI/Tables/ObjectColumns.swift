/// The columns of kinds that are only kept, with the texts that Kubernetes gives them.
enum ObjectColumns {
    static let configMapData = TableColumn(
        name: "Data",
        description: """
            Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 \
            byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, \
            this is enforced during validation process.
            """)

    static let secret = [
        TableColumn(
            name: "Type",
            description: """
                Used to facilitate programmatic handling of secret data. More info: \
                https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
                """),
        TableColumn(
            name: "Data",
            description: """
                Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of \
                the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in \
                https://tools.ietf.org/html/rfc4648#section-4
                """),
    ]

    static let claim = [
        TableColumn(name: "Status", description: "phase represents the current phase of PersistentVolumeClaim."),
        TableColumn(name: "Volume", description: "volumeName is the binding reference to the PersistentVolume backing this claim."),
        TableColumn(name: "Capacity", description: "capacity represents the actual resources of the underlying volume."),
        TableColumn(
            name: "Access Modes",
            description: """
                accessModes contains the actual access modes the volume backing the PVC has. More info: \
                https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1
                """),
        TableColumn(name: "StorageClass", description: "StorageClass of the pvc"),
        TableColumn(name: "VolumeAttributesClass", description: "VolumeAttributesClass of the pvc"),
    ]

    /// Stands after the age.
    static let claimMode = TableColumn(
        name: "VolumeMode",
        description: """
            volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim \
            spec.
            """, priority: 1)
}
