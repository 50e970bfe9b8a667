-- leased -> done | held for a verdict | ready again (released).

-- The counters of a live attempt that ends.
local function leave(ledger, token, lease)
  ledger.active = ledger.active - 1
  if lease.pod == '' then return end
  local pod = redis.call('HMGET', pod_key(ledger, token), 'running', 'restarts')
  if pod[1] == '1' then ledger.ready = ledger.ready - 1 end
  ledger.restarts = ledger.restarts - tonumber(pod[2] or 0)
end

-- A success ends the back-off, unless a failure awaits its verdict (R34).
local function succeed(ledger, first, last, finished)
  if first >= 0 then set_bits(ledger.J .. 'done', first, last) end
  ledger.done = ledger.done + (last - first + 1)
  if ledger.undecided == 0 then
    ledger.failures, ledger.notBefore = 0, 0
  else
    ledger.newestSuccess = math.max(ledger.newestSuccess, finished)
  end
end

local function hold(ledger, token, finished)
  redis.call('ZADD', ledger.J .. 'held', int(finished), token)
  ledger.undecided = ledger.undecided + 1
  ledger.version = ledger.version + 1
  remind(ledger.uid, 0)
end

-- What the pod shows at its end.
local function end_pod(ledger, token, name, phase, r, now)
  local fields = { 'phase', phase, 'finished', int(now - r.finishedAgo), 'exit', r.exit, 'reason', r.reason, 'message', r.message,
    'running', 0, 'disruption', r.disruption, 'tail', r.tail }
  if r.restarts >= 0 then fields[#fields + 1] = 'restarts'; fields[#fields + 1] = r.restarts end
  if r.startedAgo >= 0 then fields[#fields + 1] = 'started'; fields[#fields + 1] = int(now - r.startedAgo) end
  touch_pod(ledger, token, name, unpack(fields))
end

-- A failed item of a chunk becomes a failed pod of its own.
local function fail_item(ledger, lease, index, r, now)
  local number = next_token(ledger)
  local token, name = int(number), name_pod(ledger, number, index)
  local failures = ledger.perIndex == 1 and redis.call('HGET', ledger.J .. 'fails', int(index)) or 0
  make_pod(ledger, token, name, index, lease.node, ledger.uid .. '-' .. token, now, failures)
  end_pod(ledger, token, name, 'Failed', r, now)
  hold(ledger, token, now - r.finishedAgo)
end

-- The items of a chunk that failed, in order; all if it failed as a whole.
local function exceptions_of(lease, r)
  local indexes = {}
  if r.result == 'F' and r.exceptions == '' then
    for index = lease.first, lease.last do indexes[#indexes + 1] = index end
  else
    for text in string.gmatch(r.exceptions, '%d+') do indexes[#indexes + 1] = tonumber(text) end
    table.sort(indexes)
  end
  return indexes
end

-- A chunk: what is not an exception succeeded. At most 500 exceptions are held at once (I9); the others run again.
local function settle_chunk(ledger, lease, r, now)
  if r.result == 'S' and r.exceptions == '' then return succeed(ledger, lease.first, lease.last, now - r.finishedAgo) end
  local at, failed = lease.first, 0
  for _, index in ipairs(exceptions_of(lease, r)) do
    if index >= at and index <= lease.last then
      if index > at then succeed(ledger, at, index - 1, now - r.finishedAgo) end
      at, failed = index + 1, failed + 1
      if failed <= MAX_STEP then fail_item(ledger, lease, index, r, now) else make_ready(ledger, index, index) end
    end
  end
  if at <= lease.last then succeed(ledger, at, lease.last, now - r.finishedAgo) end
end

-- A deleted attempt counts neither way (R11); what its ending frees may start.
local function settle_deleted(ledger, token, lease)
  ledger.terminating = ledger.terminating - 1
  if lease.state ~= 'D' and ledger.deleted == 0 then make_ready(ledger, lease.first, lease.last) end
  if lease.pod ~= '' then remove_pod(ledger, token) end
  if ledger.terminating == 0 then remind(ledger.uid, 0) end
end

local function settle_live(ledger, token, lease, r, now)
  leave(ledger, token, lease)
  if r.result == 'R' then
    make_ready(ledger, lease.first, lease.last)
    if lease.pod ~= '' then remove_pod(ledger, token) end
  elseif lease.pod == '' then
    settle_chunk(ledger, lease, r, now)
  elseif r.result == 'S' then
    succeed(ledger, lease.first, lease.last, now - r.finishedAgo)
    end_pod(ledger, token, lease.pod, 'Succeeded', r, now)
    retain_pod(ledger, token, 'S', now - r.finishedAgo)
  else
    end_pod(ledger, token, lease.pod, 'Failed', r, now)
    hold(ledger, token, now - r.finishedAgo)
  end
end

-- Whether the leader has to look at once: nothing is left to run.
local function is_over(ledger)
  if ledger.completions < 0 then return ledger.done > 0 and ledger.active == 0 end
  return ledger.done + ledger.badIndexes >= ledger.completions
end

-- Ends a lease. `r` is how; false if the token is not the instance's (any more).
local function settle(ledger, token, r, now)
  local lease = read_lease(ledger, token)
  if not lease or lease.instance ~= r.instance then return false end
  redis.call('HDEL', ledger.J .. 'leases', token)
  if is_live(ledger, token, lease) then
    settle_live(ledger, token, lease, r, now)
    if is_over(ledger) then remind(ledger.uid, 0) end
  else
    settle_deleted(ledger, token, lease)
  end
  mark_dirty(ledger, now)
  return true
end
