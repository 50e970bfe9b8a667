/// Writes a line to stderr.
func complain(_ text: String) { _ = Terminal.stderr.write(Array((text + "\n").utf8)) }

/// Writes a line to stdout.
func say(_ text: String) { _ = Terminal(descriptor: 1).write(Array((text + "\n").utf8)) }
