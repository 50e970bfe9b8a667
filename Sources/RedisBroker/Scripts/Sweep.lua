-- Carries a cut, a surplus or a deletion on by one bounded step (I9): leases under the cut are marked deleted and their nodes told;
-- a deleted Job's pods are collected, last its ledger. Survives a crash at any point: what is done is marked.
-- ARGV  uid, epoch
-- Reply 1 if there is more to do, else 0; error STALE

-- About MAX_STEP leases from a cursor of HSCAN on; the next cursor is 0 at the end.
local function scan_leases(ledger, cursor)
  local page = redis.call('HSCAN', ledger.J .. 'leases', int(cursor), 'COUNT', MAX_STEP)
  local tokens = {}
  for at = 1, #page[2], 2 do tokens[#tokens + 1] = page[2][at] end
  return tokens, tonumber(page[1])
end

-- What an ending, a deletion or a shrink makes of one lease.
local function sweep_lease(ledger, token, lease, now)
  if trim(ledger, lease) then write_lease(ledger, token, lease) end
  if lease.state == 'L' and tonumber(token) <= ledger.cut then
    delete_lease(ledger, token, lease, now)
  elseif lease.state == 'L' and is_cut_off(ledger, lease) then
    leave(ledger, token, lease)
    ledger.terminating = ledger.terminating + 1
    delete_lease(ledger, token, lease, now)
  elseif lease.state == 'T' and is_cut_off(ledger, lease) then
    lease.state = 'D'
    write_lease(ledger, token, lease)
  elseif lease.state == 'K' and (ledger.ended == 1 or ledger.blind == 1 or ledger.deleted == 1 or is_cut_off(ledger, lease)) then
    if ledger.ended == 0 and ledger.blind == 0 then ledger.kept = ledger.kept - 1 end
    lease.state = is_cut_off(ledger, lease) and 'D' or 'T'
    write_lease(ledger, token, lease)
    untrack(ledger, token, now)
    -- Its finalizer was all that held a pod that nobody runs.
    if lease.instance == '' and (redis.call('HGET', pod_key(ledger, token), 'node') or '') == '' then
      vanish(ledger, token, lease)
      let_go(ledger, token)
    end
  elseif lease.state == 'L' and ledger.blind == 1 and lease.pod ~= '' then
    untrack(ledger, token, now)
  end
end

-- Failures of indexes that will not be tried again (R36).
local function sweep_late(ledger, now)
  if ledger.lates == 0 or (ledger.ended == 0 and ledger.blind == 0) then return false end
  local page = redis.call('HSCAN', ledger.J .. 'late', '0', 'COUNT', MAX_STEP)[2]
  for at = 1, #page, 2 do
    redis.call('HDEL', ledger.J .. 'late', page[at])
    ledger.lates = ledger.lates - 1
    untrack(ledger, string.match(page[at + 1], '^(%d+)'), now)
  end
  return ledger.lates > 0
end

-- What is leased during the scan is above the cut; what was there before is met.
local function sweep_cut(ledger, now)
  if ledger.sweep == 0 then return end
  local tokens, next = scan_leases(ledger, ledger.scan)
  for _, token in ipairs(tokens) do
    local lease = read_lease(ledger, token)
    if lease then sweep_lease(ledger, token, lease, now) end
  end
  ledger.scan = next
  if next ~= 0 then return end
  ledger.sweep = 0
  if ledger.shrunk > 0 then
    ledger.shrunk = 0
    remind(ledger.uid, 0)
  end
end

-- Pods that were never bound and are held by their finalizer end 20 s after their deletion (P10).
local function sweep_unbound(ledger, now)
  if ledger.kept == 0 then return end
  for _, token in ipairs((scan_leases(ledger, 0))) do
    local lease = read_lease(ledger, token)
    local pod = lease and lease.state == 'K' and redis.call('HMGET', pod_key(ledger, token), 'node', 'deletion')
    if pod and (pod[1] or '') == '' then
      local due = tonumber(pod[2] or 0) + 20000
      if due > now then
        remind(ledger.uid, due)
      else
        settle(ledger, token, { instance = '', result = 'F', exit = '', reason = '', message = '', restarts = -1, startedAgo = -1, finishedAgo = 0,
          disruption = '', tail = '', exceptions = '' }, now)
      end
    end
  end
end

-- Unscheduled before scheduled, Pending before Running, not ready before ready, ready for a shorter time first, more restarts first,
-- newer first (R11). A chunk runs.
local function goes_first(x, y)
  if x.bound ~= y.bound then return x.bound < y.bound end
  if x.phase ~= y.phase then return x.phase < y.phase end
  if x.running ~= y.running then return x.running < y.running end
  if x.readied ~= y.readied then return x.readied > y.readied end
  if x.restarts ~= y.restarts then return x.restarts > y.restarts end
  return tonumber(x.token) > tonumber(y.token)
end

-- Live attempts: all, if there are no more than a few steps' worth.
local function candidates(ledger)
  local live, cursor = {}, 0
  for _ = 1, 4 do
    local tokens
    tokens, cursor = scan_leases(ledger, cursor)
    for _, token in ipairs(tokens) do
      local lease = read_lease(ledger, token)
      if lease and is_live(ledger, token, lease) and not live[token] then
        local pod = redis.call('HMGET', pod_key(ledger, token), 'phase', 'running', 'readied', 'restarts', 'node')
        live[token] = true
        local is_chunk = lease.pod == ''
        live[#live + 1] = { token = token, lease = lease, phase = (is_chunk or pod[1] == 'Running') and 1 or 0,
          running = is_chunk and 1 or tonumber(pod[2] or 0), readied = tonumber(pod[3] or 0) or 0, restarts = tonumber(pod[4] or 0),
          bound = not is_chunk and (pod[5] or '') == '' and 0 or 1 }
      end
    end
    if cursor == 0 then break end
  end
  return live
end

-- Surplus attempts after parallelism was lowered.
local function sweep_surplus(ledger, now)
  local surplus = ledger.active - ledger.permits
  if surplus <= 0 or ledger.open == 0 then return false end
  local live = candidates(ledger)
  table.sort(live, goes_first)
  local count = math.min(surplus, #live, MAX_STEP)
  for at = 1, count do
    leave(ledger, live[at].token, live[at].lease)
    ledger.terminating = ledger.terminating + 1
    delete_lease(ledger, live[at].token, live[at].lease, now)
  end
  ledger.version = ledger.version + 1
  mark_dirty(ledger, now)
  return count > 0 and count < surplus
end

local function forget_job(ledger)
  if ledger.listed == 1 then unlist(ledger) end
  leave_class(ledger, clock())
  for _, name in ipairs({ 'job', 'ledger', 'done', 'bad', 'ready', 'waiting', 'places', 'leases', 'held', 'pods', 'fails', 'ignores',
    'late', 'pending', 'items', 'results' }) do
    redis.call('UNLINK', ledger.J .. name)
  end
  redis.call('ZREM', G .. 'due', ledger.uid)
  redis.call('SREM', G .. 'deleted', ledger.uid)
  redis.call('SREM', G .. 'solos', ledger.uid)
  redis.call('SREM', G .. 'spread', ledger.uid)
end

-- Finished pods go at once, the others when they have ended; then all the rest. True if there is more to do now.
local function collect(ledger)
  if ledger.orphaned == 1 then
    -- Its pods go one by one, as they are deleted.
    if redis.call('EXISTS', ledger.J .. 'pods', ledger.J .. 'leases') == 0 then forget_job(ledger) end
    return false
  end
  local tokens = redis.call('ZRANGE', ledger.J .. 'pods', int(ledger.scan), int(ledger.scan + MAX_STEP - 1))
  for _, token in ipairs(tokens) do
    if redis.call('HEXISTS', ledger.J .. 'leases', token) == 1 then ledger.scan = ledger.scan + 1 else remove_pod(ledger, token) end
  end
  local is_last = #tokens < MAX_STEP
  if is_last then ledger.scan = 0 end
  save_ledger(ledger)
  if is_last and redis.call('EXISTS', ledger.J .. 'leases') == 0 then forget_job(ledger) end
  return not is_last
end

local function sweep(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  if not ledger then return 0 end
  local now = clock()
  ledger.is_led = true
  if ledger.sweep == 0 and ledger.deleted == 1 then return collect(ledger) and 1 or 0 end
  sweep_cut(ledger, now)
  sweep_unbound(ledger, now)
  local more = sweep_late(ledger, now) or sweep_surplus(ledger, now) or ledger.sweep == 1 or ledger.deleted == 1
  offer(ledger, now)
  save_ledger(ledger)
  return more and 1 or 0
end
register_always('drover1_sweep', sweep)
