-- Reads a Job's ledger for the leader.
-- ARGV  uid
-- Reply nil if it is gone, else object, status, rv, settings, now, then the fields in the order of FIELDS, then the done bits and the
--       failed bits of the window [watermark, cursor), at most 100,000 indexes; then per held attempt its token and its pod's fields, flat, each pod
--       led by the number of its fields. At most 500 held attempts.
local function state(_, a)
  local ledger = load_ledger(a[1])
  if not ledger then return false end
  local job = redis.call('HMGET', ledger.J .. 'job', 'object', 'status', 'rv')
  local reply = { job[1], job[2], job[3], redis.call('HGET', ledger.J .. 'ledger', 'settings'), int(clock()) }
  for _, field in ipairs(FIELDS) do reply[#reply + 1] = TEXT[field] and ledger[field] or int(ledger[field]) end
  local from = math.floor(ledger.watermark / 8)
  local to = math.min(math.floor(math.max(ledger.cursor - 1, 0) / 8), from + 12500)
  reply[#reply + 1] = redis.call('GETRANGE', ledger.J .. 'done', int(from), int(to))
  reply[#reply + 1] = redis.call('GETRANGE', ledger.J .. 'bad', int(from), int(to))
  for _, token in ipairs(redis.call('ZRANGE', ledger.J .. 'held', 0, MAX_STEP - 1)) do
    local pod = redis.call('HGETALL', pod_key(ledger, token))
    reply[#reply + 1] = token
    reply[#reply + 1] = int(#pod)
    for _, value in ipairs(pod) do reply[#reply + 1] = value end
  end
  return reply
end
redis.register_function('drover1_state', state)
