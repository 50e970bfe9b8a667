-- What the transitions share: names of keys, time, the change log, wake-ups, the state of a ledger.
--
-- Keys of one Job (J = drover:{uid}:)
--   J job      hash    object (JSON without status), status (JSON), rv
--   J ledger   hash    see FIELDS
--   J done     bitmap  J bad  bitmap of indexes that failed for good
--   J ready    zset    ranges "a-b" that may start again, by a
--   J waiting  zset    index by due time (ms);  J places  the same indexes by index (R15)
--   J leases   hash    token -> "node|instance|slot|a|b|L" (D: deleted, R11); a is -1 in a work queue
--   J held     zset    tokens of failed attempts without a verdict, by finish time
--   J pod:T    hash    the pod of token T;  J pods zset of all pods' tokens
--   J fails    hash    index -> counted failures (Jobs with a limit per index)
-- Global keys (G = drover:{drover}:)
--   G sys hash, G rv counter, G log stream, G jobs and G pods (names, in order), G due (the leader's agenda),
--   G runnable (Jobs with work), G idle (nodes that wait), G recovering (nodes to present what they run),
--   G nodes, G node:N hash, G slots:I (slot -> "sequence|uid|token"), G wake:N and G wake:leader lists

local G = 'drover:{drover}:'
local MAX_STEP = 500

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

-- Milliseconds; never behind what was once shown (sys.offset is set by Recover).
local function clock()
  local time = redis.call('TIME')
  local offset = redis.call('HGET', G .. 'sys', 'offset')
  return time[1] * 1000 + math.floor(time[2] / 1000) + (offset and tonumber(offset) or 0)
end

-- Integers as text: Lua's own conversion rounds past 1e14.
local function int(number) return string.format('%.0f', number) end

-- Takes the next resourceVersion and writes the change down; the log is bounded by length here and by age by the leader.
local function log(kind, operation, name, uid, token)
  local rv = redis.call('INCR', G .. 'rv')
  redis.call('XADD', G .. 'log', 'MAXLEN', '~', 100000, int(rv) .. '-0', 'k', kind, 'o', operation, 'n', name, 'u', uid, 't', token or '')
  return int(rv)
end

local FIELDS = {
  'ns', 'name', 'prefix', 'indexed', 'completions', 'permits', 'gate', 'deadline', 'notBefore', 'perIndex', 'yields',
  'cursor', 'done', 'failed', 'active', 'ready', 'terminating', 'undecided', 'version', 'token', 'failures', 'newestSuccess',
  'restarts', 'limit', 'cut', 'sweep', 'dirty', 'deleted', 'badIndexes', 'watermark',
}
local TEXT = { ns = true, name = true, prefix = true, gate = true }

-- The ledger as a table; nil if the Job is gone.
local function load_ledger(uid)
  local J = keys_of(uid)
  local values = redis.call('HMGET', J .. 'ledger', unpack(FIELDS))
  if not values[1] then return nil end
  local ledger = { uid = uid, J = J, was = {} }
  for position, field in ipairs(FIELDS) do
    local value = values[position]
    if not TEXT[field] then value = tonumber(value or '0') end
    ledger[field] = value or ''
    ledger.was[field] = ledger[field]
  end
  return ledger
end

-- Writes back what has changed.
local function save_ledger(ledger)
  local changes = {}
  for _, field in ipairs(FIELDS) do
    if ledger[field] ~= ledger.was[field] then
      changes[#changes + 1] = field
      changes[#changes + 1] = TEXT[field] and ledger[field] or int(ledger[field])
      ledger.was[field] = ledger[field]
    end
  end
  if #changes > 0 then redis.call('HSET', ledger.J .. 'ledger', unpack(changes)) end
end

-- Puts a Job on the leader's agenda for `at` at the latest, and wakes the leader.
local function remind(uid, at)
  local changed = redis.call('ZADD', G .. 'due', 'LT', 'CH', int(at), uid)
  if changed == 1 and redis.call('LLEN', G .. 'wake:leader') == 0 then redis.call('RPUSH', G .. 'wake:leader', 1) end
end

-- Counters of a busy Job reach its status within 100 ms.
local function mark_dirty(ledger, now)
  if ledger.dirty == 1 then return end
  ledger.dirty = 1
  remind(ledger.uid, now + 100)
end

local function tell_node(node, message)
  redis.call('RPUSH', G .. 'wake:' .. node, message)
  redis.call('LTRIM', G .. 'wake:' .. node, -1000, -1)
end

-- How many attempts could start now.
local function startable(ledger, now)
  if ledger.gate ~= '' or ledger.deleted == 1 then return 0 end
  if ledger.notBefore > now or (ledger.deadline > 0 and now >= ledger.deadline) then return 0 end
  if ledger.perIndex == 0 and ledger.undecided > 0 then return 0 end
  local free = ledger.permits - ledger.active - ledger.undecided
  if free <= 0 then return 0 end
  if ledger.completions < 0 then return ledger.done == 0 and free or 0 end
  local left = ledger.completions - ledger.cursor
  if left < free then left = left + redis.call('ZCARD', ledger.J .. 'ready') + redis.call('ZCOUNT', ledger.J .. 'waiting', '-inf', int(now)) end
  return math.min(free, left)
end

-- Shows the Job to the workers if it has work, and wakes as many idle nodes as it has items.
local function offer(ledger, now)
  local count = startable(ledger, now)
  if count <= 0 then return end
  redis.call('ZADD', G .. 'runnable', 'NX', int(now), ledger.uid)
  local idle = redis.call('ZPOPMIN', G .. 'idle', math.min(count, 64))
  for at = 1, #idle, 2 do
    if redis.call('EXISTS', G .. 'node:' .. idle[at]) == 1 then tell_node(idle[at], 'work') end
  end
end

-- Gives items back; ready ones start lowest index first (R15).
local function make_ready(ledger, first, last)
  if first >= 0 then redis.call('ZADD', ledger.J .. 'ready', int(first), int(first) .. '-' .. int(last)) end
end

local function pod_key(ledger, token) return ledger.J .. 'pod:' .. token end

local function pod_name_key(ledger, name, token) return ledger.ns .. '/' .. name .. '/' .. ledger.uid .. '/' .. token end

-- Changes a pod's fields, if the attempt has a pod, and logs it.
local function touch_pod(ledger, token, ...)
  local key = pod_key(ledger, token)
  local name = redis.call('HGET', key, 'name')
  if not name then return end
  local rv = log('Pod', 'M', ledger.ns .. '/' .. name, ledger.uid, token)
  redis.call('HSET', key, 'rv', rv, ...)
end

local function remove_pod(ledger, token)
  local key = pod_key(ledger, token)
  local name = redis.call('HGET', key, 'name')
  redis.call('DEL', key)
  redis.call('ZREM', ledger.J .. 'pods', token)
  if not name then return end
  redis.call('ZREM', G .. 'pods', pod_name_key(ledger, name, token))
  log('Pod', 'D', ledger.ns .. '/' .. name, ledger.uid, token)
end

-- The leader's fence (I5).
local function check_epoch(epoch)
  return redis.call('HGET', G .. 'sys', 'epoch') == epoch
end

-- Ranges as a bitmap: whole bytes at once.
local function set_bits(key, first, last)
  local at = first
  while at <= last and at % 8 ~= 0 do redis.call('SETBIT', key, int(at), 1); at = at + 1 end
  local bytes = math.floor((last + 1 - at) / 8)
  if bytes > 0 then
    redis.call('SETRANGE', key, int(at / 8), string.rep('\255', bytes))
    at = at + bytes * 8
  end
  while at <= last do redis.call('SETBIT', key, int(at), 1); at = at + 1 end
end
