import Glibc

/// What is known of a descriptor as a terminal, and writing to it.
struct Terminal: Sendable {
    let descriptor: Int32
    /// How long a non-blocking reader may take nothing, in ms; -1 is for ever.
    var patience: Int32 = 2000

    static let stdout = Terminal(descriptor: 1, patience: -1)
    static let stderr = Terminal(descriptor: 2)

    /// Whether it is a terminal that understands control sequences.
    var isCapable: Bool {
        guard isatty(descriptor) == 1 else { return false }
        let kind = getenv("TERM").map { String(cString: $0) } ?? ""
        return !kind.isEmpty && kind != "dumb"
    }

    /// Columns; 80 if it does not tell.
    var width: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes all of it; false if that can't be done.
    func write(_ bytes: [UInt8]) -> Bool { put(bytes) == 0 }

    /// Writes all of it. SIGPIPE must be ignored.
    /// - Returns: 0, or the errno: EPIPE if nobody reads any more, EAGAIN if a non-blocking reader has taken nothing for too long.
    func put(_ bytes: [UInt8]) -> Int32 {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset) }
            if count > 0 { offset += count } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                if poll(&wait, 1, patience) <= 0 && errno != EINTR { return EAGAIN }
            } else if errno != EINTR { return errno }
        }
        return 0
    }
}
