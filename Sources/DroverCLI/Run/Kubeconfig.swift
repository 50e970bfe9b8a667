import Glibc
import Worker

/// What kubectl needs to find the API.
struct Kubeconfig {
    var url: String

    var text: String {
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: drover
          cluster:
            server: \(url)
        contexts:
        - name: drover
          context:
            cluster: drover
            user: drover
            namespace: default
        users:
        - name: drover
          user: {}
        current-context: drover

        """
    }

    /// Writes it in one step, for its owner alone.
    func write(to path: String) throws(WorkerError) {
        let fresh = path + ".new"
        guard let file = Descriptor(path: fresh, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600) else {
            throw WorkerError("\(fresh): \(errorText(errno))")
        }
        let bytes = Array(text.utf8)
        guard Glibc.write(file.number, bytes, bytes.count) == bytes.count, rename(fresh, path) == 0 else {
            throw WorkerError("\(path): \(errorText(errno))")
        }
    }
}
