-- leased -> done | held for a verdict | ready again (released). Fenced by the token; a resend changes nothing (I3, I5).
-- ARGV  1-7 as Claim, 8 claim next (0|1), 9 uid, 10 token, 11 result (S|F|R), 12 exit code, 13 reason, 14 message, 15 restarts,
--       16 started ms ago (-1: never), 17 finished ms ago, 18 disruption, 19 tail, 20 exceptions ('3,17'; failed items of a chunk)
-- Reply accepted (0|1), then Claim's reply if it claimed

-- The counters of a live attempt that ends.
local function leave(ledger, token)
  local pod = redis.call('HMGET', pod_key(ledger, token), 'running', 'restarts')
  ledger.active = ledger.active - 1
  if pod[1] == '1' then ledger.ready = ledger.ready - 1 end
  if pod[2] then ledger.restarts = ledger.restarts - tonumber(pod[2]) end
end

local function succeed(ledger, first, last, now)
  if first >= 0 then set_bits(ledger.J .. 'done', first, last) end
  ledger.done = ledger.done + (last - first + 1)
  if ledger.undecided == 0 then
    ledger.failures, ledger.notBefore = 0, 0
  else
    ledger.newestSuccess = now
  end
end

local function hold(ledger, token, finished)
  redis.call('ZADD', ledger.J .. 'held', int(finished), token)
  ledger.undecided = ledger.undecided + 1
  ledger.version = ledger.version + 1
  remind(ledger.uid, 0)
end

-- A chunk: what is not an exception succeeded; each exception becomes a failed pod of its own.
local function settle_chunk(ledger, first, last, r, now)
  local at = first
  for _, index in ipairs(r.exceptions ~= '' and split(r.exceptions, ',') or {}) do
    index = tonumber(index)
    if index > at then succeed(ledger, at, index - 1, now) end
    at = index + 1
    local token = int(next_token(ledger))
    make_pod(ledger, ledger.token, index, r.node, r.podUID .. token, now, redis.call('HGET', ledger.J .. 'fails', int(index)) or 0)
    redis.call('HSET', pod_key(ledger, token), 'phase', 'Failed', 'finished', int(now), 'exit', r.exit, 'reason', r.reason, 'message', r.message)
    hold(ledger, token, now)
  end
  if at <= last then succeed(ledger, at, last, now) end
end

-- What the pod shows at its end.
local function end_pod(ledger, token, phase, r, now)
  local finished = now - r.finishedAgo
  local fields = { 'phase', phase, 'finished', int(finished), 'exit', r.exit, 'reason', r.reason, 'message', r.message,
    'restarts', r.restarts, 'running', 0, 'disruption', r.disruption, 'tail', r.tail }
  if r.startedAgo >= 0 then
    fields[#fields + 1] = 'started'
    fields[#fields + 1] = int(now - r.startedAgo)
  end
  touch_pod(ledger, token, unpack(fields))
end

-- Ends a lease. `r` is how; false if the token is not the instance's (any more).
local function settle(ledger, token, r, now)
  local lease = redis.call('HGET', ledger.J .. 'leases', token)
  if not lease then return false end
  local fields = split(lease, '|')
  if fields[2] ~= r.instance then return false end
  local first, last = tonumber(fields[4]), tonumber(fields[5])
  redis.call('HDEL', ledger.J .. 'leases', token)
  if fields[6] == 'D' or tonumber(token) <= ledger.cut then
    ledger.terminating = ledger.terminating - 1
    if fields[6] == 'L' and ledger.deleted == 0 then make_ready(ledger, first, last) end
    end_pod(ledger, token, r.result == 'S' and 'Succeeded' or 'Failed', r, now)
    if ledger.terminating == 0 then remind(ledger.uid, 0) end
    return true
  end
  leave(ledger, token)
  if r.result == 'R' then
    make_ready(ledger, first, last)
    remove_pod(ledger, token)
  elseif redis.call('EXISTS', pod_key(ledger, token)) == 0 then
    settle_chunk(ledger, first, last, r, now)
  elseif r.result == 'S' then
    succeed(ledger, first, last, now)
    end_pod(ledger, token, 'Succeeded', r, now)
  else
    end_pod(ledger, token, 'Failed', r, now)
    hold(ledger, token, now - r.finishedAgo)
  end
  if ledger.active == 0 or ledger.done == ledger.completions then remind(ledger.uid, 0) else mark_dirty(ledger, now) end
  return true
end

local function report_fields(a)
  return { node = a[1], instance = a[2], podUID = a[6], result = a[11], exit = a[12], reason = a[13], message = a[14],
    restarts = a[15], startedAgo = tonumber(a[16]), finishedAgo = tonumber(a[17]), disruption = a[18], tail = a[19], exceptions = a[20] }
end

local function report(_, a)
  local claims = a[8] == '1'
  local before = granted_before(a)
  if before then return claims and { 1, unpack(before) } or { 1 } end
  local now, accepted = clock(), 0
  local ledger = load_ledger(a[9])
  redis.call('HSET', G .. 'slots:' .. a[2], a[3], a[4] .. '||0')
  if ledger then
    if settle(ledger, a[10], report_fields(a), now) then accepted = 1 end
    local reply
    if claims and a[7] == '' and redis.call('SCARD', G .. 'recovering') == 0 then reply = grant(ledger, a, now) end
    save_ledger(ledger)
    if not reply then offer(ledger, now) end
    if reply then return { accepted, unpack(reply) } end
  end
  if not claims then return { accepted } end
  local reply = grant_any(a, now)
  if reply.err then return reply end
  return { accepted, unpack(reply) }
end
redis.register_function('drover1_report', report)
