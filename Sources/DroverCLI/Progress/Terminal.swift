import Glibc

/// What is known of a descriptor as a terminal, and writing to it.
struct Terminal: Sendable {
    let descriptor: Int32

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

    /// Writes all of it. False if nobody reads any more, or if a non-blocking reader takes nothing for 2 s. SIGPIPE must be ignored.
    func write(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset) }
            if count > 0 { offset += count } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                if poll(&wait, 1, 2000) <= 0 && errno != EINTR { return false }
            } else if errno != EINTR { return false }
        }
        return true
    }
}
