import Broker

/// Why items can't be read, or one item can't be run; each says what, where and what to do.
enum ItemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file can't be opened or read: its name and the system's reason.
    case unreadable(String, reason: String)
    /// No room for the copy of what is not a regular file.
    case noSpace(name: String, folder: String)
    /// More than `ItemTable.maximumCount` items.
    case tooMany(String)
    /// The file no longer holds what it did when it was loaded.
    case changed(String, line: Int)
    /// The item holds a NUL byte, which no argument can.
    case nulByte(String, line: Int)
    /// The item alone is longer than an argument may be.
    case tooLong(String, line: Int, bytes: Int)
    /// The item has more bytes than one that is pushed may have.
    case tooLongToPush(String, line: Int)
    /// The argument at this position of the command (from 1) is too long once the item is put in.
    case argumentTooLong(position: Int, bytes: Int)

    var description: String {
        switch self {
        case .unreadable(let name, let reason): "\(name): \(reason)"
        case .noSpace(let name, let folder): "\(name): no space left in \(folder) for a copy of the items: set TMPDIR to a folder with more"
        case .tooMany(let name): "\(name): more than \(ItemTable.maximumCount) items: split it"
        case .changed(let name, let line): "\(name):\(line): the file was changed while its items were run: run from a copy of it"
        case .nulByte(let name, let line): "\(name):\(line): the item holds a NUL byte: are the items NUL-separated (-0)?"
        case .tooLong(let name, let line, let bytes): "\(name):\(line): the item has \(bytes) bytes, more than the \(argumentLimit) of an argument"
        case .tooLongToPush(let name, let line):
            "\(name):\(line): the item has more than \(PackedItems.longestItem) bytes: keep it in a file and give its path"
        case .argumentTooLong(let position, let bytes):
            "argument \(position) of the command has \(bytes) bytes with this item, more than the \(argumentLimit) that the system takes"
        }
    }
}

/// The longest argument that Linux takes, in bytes: MAX_ARG_STRLEN (128 KiB) less its closing NUL.
let argumentLimit = 131_071
