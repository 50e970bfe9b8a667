-- Indexed Job -> one of fewer indexes (R21): bitmaps, ready, waiting and per-index counts lose what is cut off; Sweep deletes the
-- attempts. V20 bounds the number of indexes that stay.

-- Keeps the first `count` bits. Reply how many of them are set.
local function keep_bits(key, count)
  local bytes = math.ceil(count / 8)
  local text = bytes > 0 and redis.call('GETRANGE', key, 0, bytes - 1) or ''
  local spare = bytes * 8 - count
  if spare > 0 and #text == bytes then
    local last = string.byte(text, bytes)
    text = string.sub(text, 1, bytes - 1) .. string.char(last - last % 2 ^ spare)
  end
  if text == '' then redis.call('DEL', key); return 0 end
  redis.call('SET', key, text)
  return redis.call('BITCOUNT', key)
end

local function keep_ready(ledger, count)
  local key = ledger.J .. 'ready'
  ledger.ranges = ledger.ranges - redis.call('ZREMRANGEBYSCORE', key, int(count), '+inf')
  local range = redis.call('ZREVRANGE', key, 0, 0)[1]
  if not range then return end
  local first, last = string.match(range, '^(%d+)-(%d+)$')
  if tonumber(last) < count then return end
  take_range(ledger, range)
  make_ready(ledger, tonumber(first), count - 1)
end

local function keep_waiting(ledger, count)
  for _, index in ipairs(redis.call('ZRANGEBYSCORE', ledger.J .. 'places', int(count), '+inf')) do take_waiting(ledger, tonumber(index)) end
end

-- Fields of a hash by index. Reply the values of those that go.
local function keep_fields(key, count)
  local fields, values = redis.call('HGETALL', key), {}
  for at = 1, #fields, 2 do
    if tonumber(fields[at]) >= count then
      redis.call('HDEL', key, fields[at])
      values[#values + 1] = fields[at + 1]
    end
  end
  return values
end

-- Failures that wait for a verdict count nowhere now.
local function drop_held(ledger, count, now)
  for _, token in ipairs(redis.call('ZRANGE', ledger.J .. 'held', 0, -1)) do
    local pod = redis.call('HMGET', pod_key(ledger, token), 'index', 'extra')
    if tonumber(pod[1] or -1) >= count and pod[2] ~= '1' then
      redis.call('ZREM', ledger.J .. 'held', token)
      ledger.undecided = ledger.undecided - 1
      untrack(ledger, token, now)
    end
  end
end

local function shrink(ledger, count, now)
  ledger.completions = count
  ledger.done = keep_bits(ledger.J .. 'done', count)
  ledger.badIndexes = keep_bits(ledger.J .. 'bad', count)
  ledger.cursor, ledger.watermark = math.min(ledger.cursor, count), math.min(ledger.watermark, count)
  keep_ready(ledger, count)
  keep_waiting(ledger, count)
  keep_fields(ledger.J .. 'fails', count)
  keep_fields(ledger.J .. 'ignores', count)
  for _, entry in ipairs(keep_fields(ledger.J .. 'late', count)) do
    local token, counted = string.match(entry, '^(%d+)|(%d)$')
    ledger.lates, ledger.late = ledger.lates - 1, ledger.late - tonumber(counted)
    untrack(ledger, token, now)
  end
  drop_held(ledger, count, now)
  ledger.shrunk = math.min(ledger.shrunk > 0 and ledger.shrunk or count + 1, count + 1)
  ledger.sweep, ledger.scan = 1, 0
end

-- Whether an attempt is at an index that a shrink has cut off.
local function is_cut_off(ledger, lease) return ledger.shrunk > 0 and lease.first >= ledger.shrunk - 1 end

-- A chunk keeps the items that a shrink leaves. Whether it has lost some.
local function trim(ledger, lease)
  if ledger.shrunk == 0 or is_cut_off(ledger, lease) or lease.last < ledger.shrunk - 1 then return false end
  lease.last = ledger.shrunk - 2
  return true
end
