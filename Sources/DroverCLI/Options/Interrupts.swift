import Dispatch
import Glibc

/// SIGINT and SIGTERM as a stream. The third ends the process at once: its guardian cleans up.
enum Interrupts {
    static func stream() -> AsyncStream<Int32> {
        AsyncStream(bufferingPolicy: .bufferingNewest(4)) { continuation in
            let queue = DispatchQueue(label: "signals")
            for number in [SIGINT, SIGTERM] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { continuation.yield(number) }
                source.resume()
                keep(source)
            }
        }
    }

    /// Signal sources live as long as the process.
    private static func keep(_ source: any DispatchSourceSignal) { _ = Unmanaged.passRetained(source as AnyObject) }
}
