/// Tells texts apart where nobody forges them: FNV-1a with 64 bits.
public struct Checksum: Sendable {
    public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    public init() {}

    public init(_ bytes: some Sequence<UInt8>) { add(bytes) }

    public mutating func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { add(UInt64(byte)) } }

    /// A number counts as one step.
    public mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }
}
