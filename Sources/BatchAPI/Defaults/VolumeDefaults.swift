/// What a server fills into a volume.
enum VolumeDefaults {
    /// The file mode of projected files, 0644.
    private static let fileMode: Value = 420

    static func set(_ volume: inout Value) {
        let sources = volume.object?.keys.filter { $0 != "name" } ?? []
        if sources.isEmpty { volume["emptyDir"] = .object([:]) }
        for source in ["secret", "configMap", "downwardAPI", "projected"] {
            volume.update(source) { $0.setDefault("defaultMode", fileMode) }
        }
        volume.update("hostPath") { $0.setDefault("type", "") }
        volume.update("emptyDir") { directory in
            if let limit = directory["sizeLimit"] { directory["sizeLimit"] = limit.canonicalQuantity }
        }
        volume.update("downwardAPI") { $0.updateEach("items", PodDefaults.setFieldReference) }
        volume.update("projected") { $0.updateEach("sources", setProjection) }
        volume.update("ephemeral") { ephemeral in
            ephemeral.update("volumeClaimTemplate") { $0.update("spec") { $0.setDefault("volumeMode", "Filesystem") } }
        }
        volume.update("image") { image in
            image.setDefault("pullPolicy", .string(PodDefaults.pullPolicy(image: image["reference"]?.string ?? "")))
        }
        volume.update("iscsi") { $0.setDefault("iscsiInterface", "default") }
        setRadosDefaults(&volume)
    }

    private static func setProjection(_ source: inout Value) {
        source.update("serviceAccountToken") { $0.setDefault("expirationSeconds", 3600) }
        source.update("downwardAPI") { $0.updateEach("items", PodDefaults.setFieldReference) }
    }

    private static func setRadosDefaults(_ volume: inout Value) {
        volume.update("rbd") { volume in
            volume.setDefault("pool", "rbd")
            volume.setDefault("user", "admin")
            volume.setDefault("keyring", "/etc/ceph/keyring")
        }
    }
}
