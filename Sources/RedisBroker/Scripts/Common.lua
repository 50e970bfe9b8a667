-- What the transitions share: names of keys, time, the change log, wake-ups.
--
-- Keys of one Job (J = drover:{uid}:)
--   J job      hash    object (JSON without status), status (JSON), rv
--   J ledger   hash    hot (packed numbers, see Ledger.lua), ns, name, prefix, gate (its reason), settings (JSON),
--              stragglers (below the watermark, see State.lua)
--   J done     bitmap  J bad  bitmap of indexes that failed for good
--   J ready    zset    ranges "a-b" that may start again, by a
--   J waiting  zset    index by due time (ms);  J places  the same indexes by index (R15)
--   J leases   hash    token -> see Leases.lua
--   J held     zset    tokens of failed attempts without a verdict, by finish time
--   J pod:T    hash    the pod of token T;  J pods zset of all pods' tokens
--   J fails    hash    index -> counted failures, J ignores the ignored ones (Jobs with a limit per index)
--   J items    hash    payloads, see Items.lua
--   J results  list    what items have come to, a batch each, see Results.lua
--   J pusher:P  index   where one of several pushers has last put items, see Push.lua
--   J late     hash    index -> 'token|counted' of its last failure, which counts when it is replaced (R36)
-- Global keys (G = drover:{drover}:)
--   G sys hash, G rv counter, G log stream, G ages (times in the log), G jobs and G pods (names, in order), G deleted (uids to collect),
--   G due (the leader's agenda), G runnable and G runnable:C (Jobs with work, by class), G idle and G idle:C (nodes that wait for some),
--   G takers and G takers:C (slots that wait for some, see HandOut.lua),
--   G recovering (nodes to present what they run), G classes (see Classes.lua),
--   G strays:N (ownerless pods of namespace N), G events (in order), G event:ID, G eventAges,
--   G nodes, G node:N hash, G slots:I (slot -> its last call; @ -> the node, with a | if it is cordoned), G wake:N and G wake:leader lists,
--   G ended:S and G ended:F (finished pods),
--   G counts (what has happened, for monitoring), G spread (uids of Jobs that must be spread over domains of nodes)

local G = 'drover:{drover}:'
local SYS, RUNNABLE, IDLE, SLOTS = G .. 'sys', G .. 'runnable', G .. 'idle', G .. 'slots:'
local MAX_STEP = 500
local LOG_BYTES, LOG_MILLISECONDS = 67108864, 600000

local function keys_of(uid) return 'drover:{' .. uid .. '}:' end

local function split(text, separator)
  local parts, start = {}, 1
  while true do
    local at = string.find(text, separator, start, true)
    if not at then parts[#parts + 1] = string.sub(text, start); return parts end
    parts[#parts + 1] = string.sub(text, start, at - 1)
    start = at + #separator
  end
end

-- Integers as text: Lua's own conversion rounds past 1e14.
local function int(number) return string.format('%d', number) end

-- Every token is above the first, as Recover stored it; the others see Shares.lua. Set by clock().
local token_floor, listed, listed_plain = 0, 0, 0

-- Milliseconds, never behind what was once shown (sys.offset is set by Recover); and whether nodes have yet to present what they run.
local function clock()
  local time = redis.call('TIME')
  local sys = redis.call('HMGET', SYS, 'offset', 'tokens', 'recovering', 'listed', 'listedPlain')
  token_floor, listed, listed_plain = tonumber(sys[2] or 0), tonumber(sys[4] or 0), tonumber(sys[5] or 0)
  return time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(sys[1] or 0), sys[3] == '1'
end

-- Bounds the log by size and age, in O(1).
local function trim_log(rv)
  local now = clock()
  if (redis.call('MEMORY', 'USAGE', G .. 'log') or 0) > LOG_BYTES then
    redis.call('XTRIM', G .. 'log', 'MAXLEN', '~', math.floor(redis.call('XLEN', G .. 'log') * 7 / 8))
  end
  redis.call('RPUSH', G .. 'ages', int(now) .. '|' .. int(rv))
  for _ = 1, 8 do
    local time, first = string.match(redis.call('LINDEX', G .. 'ages', 0), '^(%d+)|(%d+)$')
    if now - tonumber(time) < LOG_MILLISECONDS then return end
    redis.call('LPOP', G .. 'ages')
    redis.call('XTRIM', G .. 'log', 'MINID', '~', first)
  end
end

-- Takes the next resourceVersion and writes the change down.
local function log(kind, operation, name, uid, token)
  local rv = redis.call('INCR', G .. 'rv')
  redis.call('XADD', G .. 'log', int(rv) .. '-0', 'k', kind, 'o', operation, 'n', name, 'u', uid, 't', token or '')
  if rv % 256 == 0 then trim_log(rv) end
  return rv
end

-- Counts what has happened, for monitoring.
local function tally(name) redis.call('HINCRBY', G .. 'counts', name, 1) end

local function wake_leader()
  if redis.call('LLEN', G .. 'wake:leader') == 0 then redis.call('RPUSH', G .. 'wake:leader', 1) end
end

-- Puts a Job on the leader's agenda for `at` at the latest, and wakes the leader if that comes before all it knows of.
local function remind(uid, at)
  local changed = redis.call('ZADD', G .. 'due', 'LT', 'CH', int(at), uid)
  if changed == 1 and redis.call('ZRANGE', G .. 'due', 0, 0)[1] == uid then wake_leader() end
end

local function tell_node(node, message)
  if redis.call('RPUSH', G .. 'wake:' .. node, message) > 1000 then redis.call('LTRIM', G .. 'wake:' .. node, -1000, -1) end
end

-- The leader's fence (I5).
local function check_epoch(epoch)
  return redis.call('HGET', SYS, 'epoch') == epoch
end

-- Object names in order: 'namespace/name uid'. The space sorts before whatever a name may hold.
local function path_of(ns, name, uid) return ns .. '/' .. name .. ' ' .. uid end

-- The uid (and token) behind a namespace and name; nil if there is none.
local function find(key, ns, name)
  local path = ns .. '/' .. name
  local found = redis.call('ZRANGEBYLEX', G .. key, '[' .. path .. ' ', '(' .. path .. '!', 'LIMIT', 0, 1)[1]
  return found and string.sub(found, #path + 2)
end

-- Ends one lease of an instance; see Nodes.lua.
local end_lease

-- The leader looks at every Job that is spread over the nodes; see Spread.lua.
local spread_anew

-- Registers a transition that runs even when memory is out: what frees memory, ends work or keeps order.
local function register_always(name, callback)
  redis.register_function { function_name = name, callback = callback, flags = { 'allow-oom' } }
end

local function register_reading(name, callback)
  redis.register_function { function_name = name, callback = callback, flags = { 'no-writes' } }
end
