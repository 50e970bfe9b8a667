// Prints GETs per second of one connection for 1, 16, 64 and 1024 tasks.
// Usage: redis-client ADDRESS [CALLS-PER-ROW [TASKS...]]
import Redis

/// Runs `tasks` tasks that make `calls` calls between them, on the connection's executor; calls per second.
func measure(_ connection: RedisConnection, tasks: Int, calls: Int) async throws -> Double {
    let share = calls / tasks
    let start = ContinuousClock.now
    try await withTaskExecutorPreference(connection) {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask { try await get(connection, times: share) }
            }
            try await group.waitForAll()
        }
    }
    let time = ContinuousClock.now - start
    return Double(share * tasks) / (time / .seconds(1))
}

func get(_ connection: RedisConnection, times: Int) async throws {
    for _ in 0..<times {
        let value = try await connection.call(RedisCommand("GET", "key:__rand_int__"))
        precondition(value == .string("VXK"), "wrong reply")
    }
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else { fatalError("usage: redis-client ADDRESS [CALLS [TASKS...]]") }
let calls = arguments.count > 2 ? Int(arguments[2])! : 1_000_000
let rows = arguments.count > 3 ? arguments[3...].map { Int($0)! } : [1, 16, 64, 1024]
let connection = RedisConnection(address: try RedisAddress(arguments[1]))
_ = try await connection.call(RedisCommand("SET", "key:__rand_int__", "VXK"))
_ = try await measure(connection, tasks: 64, calls: calls / 10)
for tasks in rows {
    let rate = try await measure(connection, tasks: tasks, calls: tasks == 1 ? calls / 10 : calls)
    print(tasks, Int(rate))
}
await connection.close()
