-- The state of a Job's ledger, and what may start.

-- The numbers that change with every call, packed as one value in this order.
local HOT = {
  'open', 'permits', 'completions', 'cursor', 'active', 'done', 'undecided', 'ready', 'terminating', 'failed', 'token', 'cut',
  'version', 'notBefore', 'deadline', 'perIndex', 'yields', 'replaces', 'indexed', 'limit', 'failures', 'newestSuccess', 'restarts',
  'badIndexes', 'watermark', 'dirty', 'sweep', 'scan', 'deleted', 'listed', 'waits', 'ranges', 'rv',
  'external', 'pending', 'kept', 'late', 'lates', 'ended', 'blind', 'shrunk', 'extras', 'noted', 'orphaned',
  'lastToken', 'lastClaim', 'placed', 'spreads', 'vtime', 'since', 'stride', 'priority',
  'chunks', 'pace', 'items', 'slab', 'bytes', 'resultBytes', 'resultBase',
}
local format, decode, encode

-- Straight assignments in place of loops over HOT, and a table of the right size at once: else half of a claim's time would go there.
-- Made at the first call, as a library has no string functions while it is loaded.
local function compile()
  local names, values, members = table.concat(HOT, ', '), 'l.' .. table.concat(HOT, ', l.'), {}
  for at, field in ipairs(HOT) do members[at] = field .. ' = ' .. field end
  format = '<' .. string.rep('d', #HOT)
  decode = loadstring('local uid, J, unpack, format, was = ... local ' .. names .. ' = unpack(format, was) '
    .. 'return { uid = uid, J = J, was = was, ' .. table.concat(members, ', ') .. ' }')
  encode = loadstring('local l, pack, format = ... return pack(format, ' .. values .. ')')
end

-- The ledger as a table; nil if the Job is gone.
local function load_ledger(uid)
  local J = keys_of(uid)
  local kept = redis.call('HMGET', J .. 'ledger', 'hot', 'class')
  if not kept[1] then return nil end
  if not decode then compile() end
  local ledger = decode(uid, J, struct.unpack, format, kept[1])
  ledger.class = kept[2]
  return ledger
end

-- Writes back what has changed.
local function save_ledger(ledger)
  if not encode then compile() end
  local hot = encode(ledger, struct.pack, format)
  if hot == ledger.was then return end
  redis.call('HSET', ledger.J .. 'ledger', 'hot', hot)
  ledger.was = hot
end

-- Fills in ns, name, prefix and gate, and what names of pods are made from.
local function load_texts(ledger)
  if ledger.salt then return end
  local texts = redis.call('HMGET', ledger.J .. 'ledger', 'ns', 'name', 'prefix', 'gate', 'salt', 'crowded')
  ledger.salt, ledger.crowded = tonumber(texts[5] or 0), texts[6] == '1'
  ledger.ns, ledger.name, ledger.prefix, ledger.gate = texts[1] or '', texts[2] or '', texts[3] or '', texts[4] or ''
end

-- '' opens.
local function set_gate(ledger, reason)
  load_texts(ledger)
  ledger.open = reason == '' and 1 or 0
  if ledger.gate ~= reason then redis.call('HSET', ledger.J .. 'ledger', 'gate', reason) end
  ledger.gate = reason
end

local function log_job(ledger, operation)
  load_texts(ledger)
  ledger.rv = log('Job', operation, ledger.ns .. '/' .. ledger.name, ledger.uid)
  return int(ledger.rv)
end

-- Counters of a busy Job reach its status within 100 ms; what agents outside write one by one within a second (R1).
local function mark_dirty(ledger, now)
  if ledger.dirty == 1 then return end
  ledger.dirty = 1
  remind(ledger.uid, now + (ledger.external == 1 and 1000 or 100))
end

-- The leader looks at the Job: at once, or within a second at what agents outside write one by one (R1).
local function look_soon(ledger) remind(ledger.uid, ledger.external == 1 and clock() + 1000 or 0) end

-- Permits in use. Where only failed pods are replaced, one that is being deleted keeps its own (R46).
local function in_use(ledger)
  return ledger.active + ledger.undecided + (ledger.replaces == 1 and ledger.terminating or 0)
end

-- Pods that agents outside run are stored at once, so many of a Job at a time.
local MAX_EXTERNAL = 1000

-- Results that nobody has read may take so much; then nothing more starts.
local MAX_RESULT_BYTES = 67108864

-- How many attempts could start now; 0 if the gate is shut (I4), no permit is free (I2) or a back-off or a verdict is due (R33).
local function startable(ledger, now)
  if ledger.open == 0 or ledger.deleted == 1 or ledger.shrunk > 0 or ledger.notBefore > now then return 0 end
  if ledger.deadline > 0 and now >= ledger.deadline then return 0 end
  if ledger.perIndex == 0 and ledger.undecided > 0 or ledger.resultBytes >= MAX_RESULT_BYTES then return 0 end
  local free = ledger.permits - in_use(ledger)
  if ledger.external == 1 then free = math.min(free, MAX_EXTERNAL - ledger.active) end
  if free <= 0 then return 0 end
  if ledger.completions < 0 then return ledger.done == 0 and free or 0 end
  local left = ledger.completions - ledger.cursor + ledger.ranges
  if left < free and ledger.waits > 0 then left = left + redis.call('ZCOUNT', ledger.J .. 'waiting', '-inf', int(now)) end
  return math.min(free, left)
end

-- A node that is gone stays in the lists of classes until it is met there.
local function is_known(node, class) return class == '' or redis.call('SISMEMBER', G .. 'nodes', node) == 1 end

-- Shows the Job to the workers of its class if it has work. Reply how many could start something; 0 if there is none.
local function show(ledger, now)
  local count = math.max(startable(ledger, now), ledger.pending)
  if count <= 0 then return 0 end
  -- The leader itself goes on with those (Place).
  if ledger.external == 1 then
    if not ledger.is_led then look_soon(ledger) end
    return 0
  end
  if ledger.listed == 0 then enlist(ledger, now) end
  return count
end

-- Wakes so many idle nodes that take its class. Those that are gone wake nobody: they are passed over, a step's worth of them at most.
local function wake(ledger, count)
  local left, tries = math.min(count, 64), MAX_STEP
  while left > 0 and tries > 0 do
    local class = class_of(ledger)
    local found = redis.call('ZPOPMIN', idle_of(class), left)
    if #found == 0 then return end
    for at = 1, #found, 2 do
      tries = tries - 1
      if is_known(found[at], class) then
        tell_node(found[at], 'work')
        left = left - 1
      end
    end
  end
end

local function offer(ledger, now) wake(ledger, show(ledger, now)) end

-- Gives items back; the lowest starts first (R15).
local function make_ready(ledger, first, last)
  last = math.min(last, ledger.completions - 1)
  if first < 0 or last < first then return end
  ledger.ranges = ledger.ranges + redis.call('ZADD', ledger.J .. 'ready', int(first), int(first) .. '-' .. int(last))
end

local function take_range(ledger, range)
  ledger.ranges = ledger.ranges - redis.call('ZREM', ledger.J .. 'ready', range)
end

local function make_wait(ledger, index, due)
  redis.call('ZADD', ledger.J .. 'waiting', int(due), int(index))
  ledger.waits = ledger.waits + redis.call('ZADD', ledger.J .. 'places', int(index), int(index))
end

local function take_waiting(ledger, index)
  redis.call('ZREM', ledger.J .. 'waiting', int(index))
  ledger.waits = ledger.waits - redis.call('ZREM', ledger.J .. 'places', int(index))
end

-- No attempt of the Job has a greater one, also none that was taken back (call clock() first).
local function newest_token(ledger) return math.max(ledger.token, token_floor) end

local function next_token(ledger)
  ledger.token = newest_token(ledger) + 1
  return ledger.token
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
