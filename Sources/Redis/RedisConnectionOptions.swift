extension RedisConnection {
    /// Looks at a new connection before anyone else uses it. The caller passed in makes calls on that very connection,
    /// ahead of all that wait. If it throws, the connection is dropped and another one is tried after a delay.
    public typealias ConnectHook = @Sendable (ServerIdentity, any RedisCaller) async throws -> Void

    /// How a connection behaves.
    public struct Options: Sendable {
        /// How long an attempt to connect may take, and again the login that follows (default 5 s).
        /// Looking up a host name is bounded by the system's resolver only; it holds no call's time-out up.
        public var connectTimeout: Duration
        /// How long a call waits for its reply unless it says otherwise (default 5 s).
        public var callTimeout: Duration
        /// The delay before the first new attempt to connect (default 10 ms; jittered, then doubled each time).
        public var reconnectMin: Duration
        /// The longest delay between attempts to connect (default 1 s).
        public var reconnectMax: Duration
        /// How many calls may be outstanding, waiting or sent, before more are refused (default 65536).
        public var maxInFlight: Int
        /// The name shown by CLIENT LIST; without spaces.
        public var clientName: String?
        /// Run on each new connection before any caller's command is sent; nothing is held back without one.
        public var onConnect: ConnectHook?

        /// Makes options; see the properties for the meaning of each.
        public init(
            connectTimeout: Duration = .seconds(5), callTimeout: Duration = .seconds(5),
            reconnectMin: Duration = .milliseconds(10), reconnectMax: Duration = .seconds(1),
            maxInFlight: Int = 65536, clientName: String? = nil, onConnect: ConnectHook? = nil
        ) {
            self.connectTimeout = connectTimeout
            self.callTimeout = callTimeout
            self.reconnectMin = reconnectMin
            self.reconnectMax = reconnectMax
            self.maxInFlight = maxInFlight
            self.clientName = clientName
            self.onConnect = onConnect
        }
    }
}
