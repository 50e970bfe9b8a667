-- Reads a Job's ledger for the leader. What changes from here on marks the Job as changed again.
-- ARGV  uid
-- Reply nil if it is gone, else object, status, rv, settings, now, gate, the done bits and the failed bits of the window
--       [watermark, cursor), at most 2^25 indexes; the number of fields (with `strays`, ownerless pods of the namespace), then name
--       and value of each; then per held attempt its
--       token and its pod's fields, led by their number. At most 500 held attempts.

local function window(ledger, name)
  local from = math.floor(ledger.watermark / 8)
  local to = math.min(math.floor((ledger.cursor - 1) / 8), from + 2 ^ 22 - 1)
  return to < from and '' or redis.call('GETRANGE', ledger.J .. name, int(from), int(to))
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
  local reply = { job[1], job[2], job[3], redis.call('HGET', ledger.J .. 'ledger', 'settings'), int(clock()), ledger.gate,
    window(ledger, 'done'), window(ledger, 'bad'), int(#HOT + 1), 'strays', int(redis.call('SCARD', G .. 'strays:' .. ledger.ns)) }
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
