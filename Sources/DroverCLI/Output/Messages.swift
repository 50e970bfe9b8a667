import Worker

/// Writes a line to stderr.
func complain(_ text: String) { _ = Terminal.stderr.write(Array((text + "\n").utf8)) }

/// Writes a line to stdout.
/// - Returns: 0, or the errno if it can't be written.
@discardableResult
func say(_ text: String) -> Int32 { Terminal.stdout.put(Array((text + "\n").utf8)) }

/// The message for a write to stdout that failed.
func cannotWrite(_ command: String, _ code: Int32) -> String { "drover \(command): can't write the output: \(errorText(code))" }
