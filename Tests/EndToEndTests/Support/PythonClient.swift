import Foundation
import Testing

/// Python with the official client library and the published schemas: installed by pip into a temporary folder that the runs of one month
/// share, so that the newest releases are what is tested.
enum PythonClient {
    private static let packages = ["kubernetes", "kubernetes-validate"]

    /// The interpreter; nil where pip can't install.
    private static let interpreter = Task<String?, Never> {
        let month = Date().formatted(.iso8601.year().month())
        let folder = "\(NSTemporaryDirectory())/drover-python-\(month)"
        let isThere = FileManager.default.isExecutableFile(atPath: folder + "/bin/python")
        if isThere { return folder + "/bin/python" }
        return await install(folder)
    }

    /// Made under another name first: nobody sees it half done.
    private static func install(_ folder: String) async -> String? {
        let draft = "\(folder)-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let steps = [["-m", "venv", draft], ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages]
        for (step, python) in zip(steps, ["/usr/bin/env", draft + "/bin/python"]) {
            let arguments = python == "/usr/bin/env" ? ["python3"] + step : step
            guard let result = try? await Command(python, arguments).finish(limit: 240), result.status == 0 else {
                print("Python's packages \(packages.joined(separator: ", ")) can't be installed: not tested with them")
                return nil
            }
        }
        try? FileManager.default.moveItem(atPath: draft, toPath: folder)
        return folder + "/bin/python"
    }

    /// Runs a script of Tests/EndToEndTests/Python against an API; it says on stdout what is wrong, and ends with 0 if nothing is.
    static func check(_ script: String, _ up: Up, limit: Double = 240) async throws {
        guard let python = await interpreter.value else { return }
        let path = projectRoot + "/Tests/EndToEndTests/Python/" + script
        let command = try Command(python, [path, up.url], environment: ["PYTHONDONTWRITEBYTECODE": "1", "HOME": up.scratch.root])
        let result = try await command.finish(limit: limit)
        print("\(script): \(result.seconds) s: \(result.lines.last ?? "")")
        #expect(result.status == 0, "\(result)")
    }
}
