import BatchAPI

@testable import KubernetesAPI

private let magic = Array("k8s\0".utf8)
private let kinds = ["Job", "Pod", "ConfigMap", "Secret", "Event", "Lease", "Node", "PersistentVolumeClaim", "DeleteOptions", "Binding", "SubjectAccessReview"]

/// Any bytes as a body in protobuf, and as the fields of one object of each kind.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProtobuf(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    body(bytes)
    body(magic + bytes)
    for kind in kinds { object(bytes, kind) }
    return 0
}

private func body(_ bytes: [UInt8]) {
    guard let value = try? Protobuf.object(bytes, as: "Job") else { return }
    if value["kind"]?.string ?? "" == "" { fatalError("an object without a kind") }
    reads(value)
}

private func object(_ bytes: [UInt8], _ kind: String) {
    guard let members = try? ProtobufDecoder.members(of: bytes[...], as: kind, depth: 0) else { return }
    reads(.object(members))
}

/// What was understood can be written as JSON and read again.
private func reads(_ value: Value) {
    guard let again = try? Value.parse(json: value.encodedBytes) else { fatalError("can't be read: \(value.encoded())") }
    if again != value { fatalError("reads as another value: \(value.encoded())") }
}
