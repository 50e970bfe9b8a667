import Dispatch
import Glibc

/// SIGINT, SIGTERM and SIGHUP as a stream. The third ends the process at once: its guardian cleans up.
enum Interrupts {
    static func stream() -> AsyncStream<Int32> {
        AsyncStream(bufferingPolicy: .bufferingNewest(4)) { continuation in
            let queue = DispatchQueue(label: "signals")
            for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !isIgnored(number) {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { continuation.yield(number) }
                source.resume()
                keep(source)
            }
        }
    }

    /// nohup starts programs with SIGHUP ignored, and means it.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        return sigaction(number, nil, &action) == 0 && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// Signal sources live as long as the process.
    private static func keep(_ source: any DispatchSourceSignal) { _ = Unmanaged.passRetained(source as AnyObject) }
}
