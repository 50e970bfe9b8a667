-- Reads a Job's ledger for the leader. What changes from here on marks the Job as changed again.
-- ARGV  uid
-- Reply nil if it is gone, else object, status, rv, settings, now, gate, the done bits and the failed bits of the window
--       [watermark, cursor), at most 2^25 indexes; the stragglers below the watermark that are neither done nor failed ('3,17'), and those
--       that have failed; the number of fields (with `strays`, ownerless pods of the namespace), then name
--       and value of each; then per held attempt its
--       token and its pod's fields, led by their number. At most 500 held attempts.

local function window(ledger, name)
  local from = math.floor(ledger.watermark / 8)
  local to = math.min(math.floor((ledger.cursor - 1) / 8), from + 2 ^ 22 - 1)
  return to < from and '' or redis.call('GETRANGE', ledger.J .. name, int(from), int(to))
end

-- What has become of the stragglers that the last decision named. Those that are done are forgotten.
local function stragglers(ledger, text)
  if not text or text == '' then return '', '' end
  local indexes, done, bad = {}, { 'BITFIELD_RO', ledger.J .. 'done' }, { 'BITFIELD_RO', ledger.J .. 'bad' }
  for index in string.gmatch(text, '%d+') do
    indexes[#indexes + 1] = index
    for _, bits in ipairs({ done, bad }) do
      for _, word in ipairs({ 'GET', 'u1', index }) do bits[#bits + 1] = word end
    end
  end
  local open, failed, left = {}, {}, {}
  done, bad = redis.call(unpack(done)), redis.call(unpack(bad))
  for at, index in ipairs(indexes) do
    if bad[at] == 1 then failed[#failed + 1] = index elseif done[at] == 0 then open[#open + 1] = index end
    if bad[at] == 1 or done[at] == 0 then left[#left + 1] = index end
  end
  if #left < #indexes then redis.call('HSET', ledger.J .. 'ledger', 'stragglers', table.concat(left, ',')) end
  return table.concat(open, ','), table.concat(failed, ',')
end

local function append_pod(ledger, token, reply)
  local pod = redis.call('HGETALL', pod_key(ledger, token))
  reply[#reply + 1] = token
  reply[#reply + 1] = int(#pod)
  for _, value in ipairs(pod) do reply[#reply + 1] = value end
end

local function state(_, a)
  local ledger = load_ledger(a[1])
  if not ledger then return false end
  load_texts(ledger)
  local job = redis.call('HMGET', ledger.J .. 'job', 'object', 'status', 'rv')
  local texts = redis.call('HMGET', ledger.J .. 'ledger', 'settings', 'stragglers')
  local open, failed = stragglers(ledger, texts[2])
  local reply = { job[1], job[2], job[3], texts[1], int(clock()), ledger.gate, window(ledger, 'done'), window(ledger, 'bad'), open, failed,
    int(#HOT + 1), 'strays', int(redis.call('SCARD', G .. 'strays:' .. ledger.ns)) }
  for _, field in ipairs(HOT) do
    reply[#reply + 1] = field
    reply[#reply + 1] = int(ledger[field])
  end
  for _, token in ipairs(redis.call('ZRANGE', ledger.J .. 'held', 0, MAX_STEP - 1)) do append_pod(ledger, token, reply) end
  ledger.dirty = 0
  save_ledger(ledger)
  return reply
end
register_always('drover1_state', state)
