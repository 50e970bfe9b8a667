-- leased -> done | held for a verdict | ready again (released).

-- The counters of a live attempt that ends.
local function leave(ledger, token, lease)
  ledger.active = ledger.active - 1
  if lease.pod == '' then return end
  local pod = redis.call('HMGET', pod_key(ledger, token), 'running', 'restarts', 'counted')
  if pod[1] == '1' then ledger.ready = ledger.ready - 1 end
  ledger.restarts = ledger.restarts - tonumber(pod[2] or 0)
  -- Its finalizer was taken off by hand: it counts for nothing (R4).
  lease.is_untracked = pod[3] == '1'
end

-- A success ends the back-off, unless a failure awaits its verdict (R34). Where attempts share an index, its second success is free (R23).
local function succeed(ledger, first, last, finished)
  local count = last - first + 1
  if first >= 0 and ledger.extras > 0 then
    count = 0
    for index = first, last do count = count + 1 - redis.call('SETBIT', ledger.J .. 'done', int(index), 1) end
  elseif first >= 0 then
    set_bits(ledger.J .. 'done', first, last)
  end
  ledger.done = ledger.done + count
  items.free(ledger, first, last)
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
  look_soon(ledger)
end

-- What a worker tells of a pod's containers, with the moment that its times are counted from.
local function add_states(fields, states, now)
  if not states then return end
  fields[#fields + 1], fields[#fields + 2] = 'states', states == '-' and '' or int(now) .. ' ' .. states
end

-- What the pod shows at its end. An agent outside has written that already.
local function end_pod(ledger, token, name, phase, r, now, counted)
  if r.written then
    if counted == 1 then untrack(ledger, token, now) end
    return
  end
  local fields = { 'phase', phase, 'finished', int(now - r.finishedAgo), 'exit', r.exit, 'reason', r.reason, 'message', r.message,
    'running', 0, 'disruption', r.disruption, 'tail', r.tail, 'counted', counted }
  if (r.container or '') ~= '' then fields[#fields + 1] = 'container'; fields[#fields + 1] = r.container end
  if r.restarts >= 0 then fields[#fields + 1] = 'restarts'; fields[#fields + 1] = r.restarts end
  add_states(fields, r.states, now)
  if r.startedAgo >= 0 then fields[#fields + 1] = 'started'; fields[#fields + 1] = int(now - r.startedAgo) end
  touch_pod(ledger, token, name, unpack(fields))
  if counted == 1 then retain_pod(ledger, token, phase == 'Succeeded' and 'S' or 'F', now - r.finishedAgo) end
end

-- A failed item of a chunk becomes a failed pod of its own.
local function fail_item(ledger, lease, index, r, now)
  local own = r.details and r.details[index]
  if own then r.exit, r.message = own.exit, own.message end
  local number = next_token(ledger)
  local token, name = int(number), name_pod(ledger, number, index)
  local failures = ledger.perIndex == 1 and redis.call('HGET', ledger.J .. 'fails', int(index)) or 0
  make_pod(ledger, token, name, index, lease.node, ledger.uid .. '-' .. token, now, failures)
  end_pod(ledger, token, name, 'Failed', r, now, 0)
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

-- Items of a chunk that were not run start again.
local function give_back_rest(ledger, lease, r)
  if not r.ran or lease.first + r.ran > lease.last then return end
  make_ready(ledger, lease.first + r.ran, lease.last)
  lease.last = lease.first + r.ran - 1
end

-- How many items make about 100 ms of work: at once fewer, more by steps.
local function set_pace(ledger, r)
  if (r.pace or 0) > 0 and ledger.chunks == 1 then ledger.pace = math.min(r.pace, ledger.pace * 8) end
end

-- A chunk: what is not an exception succeeded. At most 500 exceptions are held at once (I9); the others run again.
local function settle_chunk(ledger, lease, r, now)
  set_pace(ledger, r)
  items.keep_results(ledger, r.results)
  give_back_rest(ledger, lease, r)
  if lease.last < lease.first then return end
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

-- Whether an attempt of an Indexed Job has no index that counts (R4).
local function is_stray(ledger, token, lease)
  if ledger.extras == 0 or ledger.indexed == 0 or lease.first >= 0 then return false end
  local index = tonumber(redis.call('HGET', pod_key(ledger, token), 'index') or -1)
  return index < 0 or index >= ledger.completions
end

-- The items that a success is about; an extra attempt may have done what stands free.
local function items_done(ledger, token, lease)
  if ledger.extras == 0 or ledger.indexed == 0 or lease.first >= 0 then return lease.first, lease.last end
  local index = tonumber(redis.call('HGET', pod_key(ledger, token), 'index'))
  local places = find_free(ledger, index, index)
  if places then take_free(ledger, index, index, places) end
  return index, index
end

-- What its outcome makes of an attempt that still counts.
local function settle_pod(ledger, token, lease, r, now)
  local finished = now - r.finishedAgo
  if ledger.blind == 1 or lease.is_untracked or is_cut_off(ledger, lease) or is_stray(ledger, token, lease) then
    -- The Job is being deleted (R25), the tracking is off, or the index is cut off (R21).
    end_pod(ledger, token, lease.pod, r.result == 'S' and 'Succeeded' or 'Failed', r, now, 1)
    if not is_cut_off(ledger, lease) then make_ready(ledger, lease.first, lease.last) end
  elseif r.result == 'S' then
    local first, last = items_done(ledger, token, lease)
    succeed(ledger, first, last, finished)
    end_pod(ledger, token, lease.pod, 'Succeeded', r, now, 1)
  else
    end_pod(ledger, token, lease.pod, 'Failed', r, now, 0)
    hold(ledger, token, finished)
  end
end

-- An attempt that was deleted. It counts only if just its own end does (R30, R46); what its ending frees may start.
local function settle_deleted(ledger, token, lease, r, now)
  if lease.state == 'X' then
    end_pod(ledger, token, lease.pod, r.result == 'S' and 'Succeeded' or 'Failed', r, now, 1)
    if not r.written and redis.call('HEXISTS', pod_key(ledger, token), 'deletion') == 1 then
      redis.call('HSET', pod_key(ledger, token), 'gone', 1)
      let_go(ledger, token)
    end
    return
  end
  if lease.state ~= 'Z' then ledger.terminating = ledger.terminating - 1 end
  if lease.pod ~= '' and not r.written then redis.call('HSET', pod_key(ledger, token), 'gone', 1) end
  if lease.state == 'K' and ledger.ended == 0 then
    ledger.kept = ledger.kept - 1
    settle_pod(ledger, token, lease, r, now)
    let_go(ledger, token)
  else
    local has_items = lease.state == 'T' or lease.state == 'L' or lease.state == 'K'
    if has_items and ledger.deleted == 0 and not is_cut_off(ledger, lease) then make_ready(ledger, lease.first, lease.last) end
    local is_held = lease.pod ~= '' and redis.call('ZSCORE', ledger.J .. 'held', token)
    if lease.pod ~= '' then end_pod(ledger, token, lease.pod, r.result == 'S' and 'Succeeded' or 'Failed', r, now, is_held and 0 or 1) end
    if not is_held then let_go(ledger, token) end
  end
  if ledger.terminating == 0 then look_soon(ledger) end
end

local function settle_live(ledger, token, lease, r, now)
  leave(ledger, token, lease)
  -- What a shrink has cut off counts for nothing, and does not run again.
  local is_cut = is_cut_off(ledger, lease)
  if r.result == 'R' then
    if not is_cut then make_ready(ledger, lease.first, lease.last) end
    if lease.pod ~= '' then remove_pod(ledger, token) end
  elseif lease.pod == '' then
    if not is_cut then settle_chunk(ledger, lease, r, now) end
  else
    settle_pod(ledger, token, lease, r, now)
  end
end

-- Whether the leader has to look at once: nothing is left to run.
local function is_over(ledger)
  if ledger.completions < 0 then return ledger.done > 0 and ledger.active == 0 end
  return ledger.items ~= 2 and ledger.done + ledger.badIndexes >= ledger.completions
end

-- Ends a lease. `r` is how; false if the token is not the instance's (any more).
local function settle(ledger, token, r, now)
  local lease = read_lease(ledger, token)
  if not lease or lease.instance ~= r.instance then return false end
  redis.call('HDEL', ledger.J .. 'leases', token)
  trim(ledger, lease)
  if is_live(ledger, token, lease) then
    settle_live(ledger, token, lease, r, now)
    if is_over(ledger) then look_soon(ledger) end
  else
    settle_deleted(ledger, token, lease, r, now)
  end
  mark_dirty(ledger, now)
  return true
end
