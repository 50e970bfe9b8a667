-- fresh | ready | waiting and due -> leased, if the gate is open (I4), a permit is free (I2) and no back-off runs (R33).
-- ARGV  node, instance, slot, sequence, items, pod uid ('' for chunks), job uid ('' for any)
-- Reply 'G', uid, token, first, last, pod name, pod uid, resourceVersion, failures
--    or 'N', time when a back-off ends (0: unknown)

local ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

-- Five characters that no other of the Job's next 27^5 attempts gets, and that do not look like a count.
local function suffix(token)
  local number, text = ((token % 14348907) * 6700417 + 4021) % 14348907, ''
  for _ = 1, 5 do
    local digit = number % 27
    text = text .. string.sub(ALPHABET, digit + 1, digit + 1)
    number = math.floor(number / 27)
  end
  return text
end

-- Items whose back-off is over become ready.
local function ripen(ledger, now)
  for _, index in ipairs(redis.call('ZRANGEBYSCORE', ledger.J .. 'waiting', '-inf', int(now), 'LIMIT', 0, 64)) do
    redis.call('ZREM', ledger.J .. 'waiting', index)
    redis.call('ZREM', ledger.J .. 'places', index)
    make_ready(ledger, tonumber(index), tonumber(index))
  end
end

-- A waiting index keeps its place: a higher one does not take it (R15).
local function keeps_place(ledger, index)
  if ledger.yields == 1 then return false end
  local below = redis.call('ZCOUNT', ledger.J .. 'places', '-inf', '(' .. int(index))
  return ledger.active + ledger.undecided + below >= ledger.permits
end

-- Takes up to `wanted` items; nil if there are none.
local function take(ledger, wanted, now)
  if ledger.completions < 0 then return -1, -1 end
  ripen(ledger, now)
  local range = redis.call('ZRANGE', ledger.J .. 'ready', 0, 0)[1]
  if range then
    local bounds = split(range, '-')
    local first, last = tonumber(bounds[1]), tonumber(bounds[2])
    if first >= ledger.completions or keeps_place(ledger, first) then return nil end
    redis.call('ZREM', ledger.J .. 'ready', range)
    local taken = math.min(last, first + wanted - 1)
    if taken < last then make_ready(ledger, taken + 1, last) end
    return first, taken
  end
  if ledger.cursor >= ledger.completions or keeps_place(ledger, ledger.cursor) then return nil end
  local first = ledger.cursor
  ledger.cursor = math.min(first + wanted, ledger.completions)
  return first, ledger.cursor - 1
end

local function next_token(ledger)
  local floor = tonumber(redis.call('HGET', G .. 'sys', 'tokens') or '0')
  ledger.token = math.max(ledger.token, floor) + 1
  return ledger.token
end

local function make_pod(ledger, token, first, node, uid, now, failures)
  local name = ledger.prefix .. (ledger.indexed == 1 and (int(first) .. '-') or '') .. suffix(token)
  local text = int(token)
  redis.call('ZADD', G .. 'pods', 0, pod_name_key(ledger, name, text))
  redis.call('ZADD', ledger.J .. 'pods', text, text)
  local rv = log('Pod', 'A', ledger.ns .. '/' .. name, ledger.uid, text)
  redis.call('HSET', pod_key(ledger, text), 'name', name, 'uid', uid, 'index', int(first), 'node', node, 'phase', 'Pending',
    'created', int(now), 'failures', failures, 'rv', rv)
  return name
end

local function grant_reply(ledger, token, first, last, name, uid, failures)
  return { 'G', ledger.uid, int(token), int(first), int(last), name, uid, redis.call('HGET', ledger.J .. 'job', 'rv'), failures }
end

-- Grants from one Job, or nil.
local function grant(ledger, a, now)
  if startable(ledger, now) <= 0 then return nil end
  local first, last = take(ledger, tonumber(a[5]), now)
  if not first then return nil end
  local token = next_token(ledger)
  ledger.active = ledger.active + 1
  redis.call('HSET', ledger.J .. 'leases', int(token), table.concat({ a[1], a[2], a[3], int(first), int(last), 'L' }, '|'))
  redis.call('HSET', G .. 'slots:' .. a[2], a[3], a[4] .. '|' .. ledger.uid .. '|' .. int(token))
  local name, failures = '', 0
  if a[6] ~= '' then
    if ledger.perIndex == 1 then failures = redis.call('HGET', ledger.J .. 'fails', int(first)) or 0 end
    name = make_pod(ledger, token, first, a[1], a[6], now, failures)
    mark_dirty(ledger, now)
  end
  return grant_reply(ledger, token, first, last, name, a[6], failures)
end

-- The reply to a resend, rebuilt from the lease; nil if the slot's last call was another.
local function granted_before(a)
  local record = redis.call('HGET', G .. 'slots:' .. a[2], a[3])
  if not record then return nil end
  local parts = split(record, '|')
  if parts[1] ~= a[4] then return nil end
  if parts[3] == '0' then return { 'N', '0' } end
  local ledger = load_ledger(parts[2])
  local lease = ledger and redis.call('HGET', ledger.J .. 'leases', parts[3])
  if not lease then return { 'N', '0' } end
  local fields = split(lease, '|')
  local pod = redis.call('HMGET', pod_key(ledger, parts[3]), 'name', 'uid', 'failures')
  return grant_reply(ledger, tonumber(parts[3]), tonumber(fields[4]), tonumber(fields[5]), pod[1] or '', pod[2] or '', pod[3] or 0)
end

-- Tries the Jobs with work, oldest first; a Job that has none is taken off the list.
local function grant_any(a, now)
  if redis.call('SCARD', G .. 'recovering') > 0 then return { 'N', int(now + 1000) } end
  if redis.call('EXISTS', G .. 'node:' .. a[1]) == 0 then return redis.error_reply('NONODE register first') end
  local candidates = a[7] ~= '' and { a[7] } or redis.call('ZRANGE', G .. 'runnable', 0, 15)
  local soonest = 0
  for _, uid in ipairs(candidates) do
    local ledger = load_ledger(uid)
    local reply = ledger and grant(ledger, a, now)
    if ledger then save_ledger(ledger) end
    if reply then return reply end
    redis.call('ZREM', G .. 'runnable', uid)
    if ledger and ledger.notBefore > now then soonest = ledger.notBefore end
  end
  redis.call('ZADD', G .. 'idle', 0, a[1])
  return { 'N', int(soonest) }
end

local function claim(_, a)
  return granted_before(a) or grant_any(a, clock())
end
redis.register_function('drover1_claim', claim)
