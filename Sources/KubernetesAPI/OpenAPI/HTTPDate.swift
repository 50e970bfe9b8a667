import BatchAPI

/// Moments as HTTP header fields write them.
enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// As "Fri, 26 Nov 2027 13:40:41 GMT"; for moments from 1970 on, which was a Thursday.
    static func text(_ time: Timestamp) -> String {
        let parts = time.rfc3339.split { "-T:Z".contains($0) }
        let weekday = weekdays[Int(max(0, time.milliseconds) / 86_400_000 % 7)]
        return "\(weekday), \(parts[2]) \(months[(Int(parts[1]) ?? 1) - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}
