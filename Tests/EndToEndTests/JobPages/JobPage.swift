import Foundation
import Testing

/// The manifests of the Job pages of Kubernetes' documentation, written anew, with their waits shortened.
enum JobPage {
    static func path(_ name: String) -> String { projectRoot + "/Tests/EndToEndTests/JobPages/Manifests/\(name).yaml" }
    static func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
}

extension Up {
    /// Makes a Job of a page; the path of it.
    func create(page name: String, _ change: (String) -> String = { $0 }, at place: SourceLocation = #_sourceLocation) async throws -> String {
        let path = "/apis/batch/v1/namespaces/default/jobs"
        let answer = try await send("POST", path, change(try JobPage.text(name)), type: "application/yaml")
        #expect(answer.code == 201, "\(name): \(answer)", sourceLocation: place)
        return path + "/" + answer.value.name
    }

    /// The logs of a Job's pods, line by line in any order.
    func lines(of job: String, container: String? = nil) async throws -> [String] {
        let pods = "/api/v1/namespaces/default/pods"
        var lines: [String] = []
        for pod in try await get("\(pods)?labelSelector=job-name%3D\(job)").items {
            let log = try await send("GET", "\(pods)/\(pod.name)/log" + (container.map { "?container=" + $0 } ?? "")).value
            lines += (log.string ?? log.text).split(separator: "\n").map { String($0) }
        }
        return lines.sorted()
    }
}
