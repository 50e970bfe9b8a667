-- Carries a cut, a surplus or a deletion on by one bounded step (I9): leases under the cut are marked deleted and their nodes told;
-- a deleted Job's pods are collected, last its ledger. Survives a crash at any point: what is done is marked.
-- ARGV  uid, epoch, surplus (how many live attempts beyond the cap to delete, newest first: R11 for attempts of one state)
-- Reply 1 if there is more to do, else 0; error STALE

local function delete_lease(ledger, token, fields, now)
  fields[6] = 'D'
  redis.call('HSET', ledger.J .. 'leases', token, table.concat(fields, '|'))
  touch_pod(ledger, token, 'deletion', int(now))
  tell_node(fields[1], 'stop|' .. ledger.uid .. '|' .. token .. '|')
  if ledger.deleted == 0 then make_ready(ledger, tonumber(fields[4]), tonumber(fields[5])) end
end

local function sweep_cut(ledger, now)
  local count = 0
  local leases = redis.call('HGETALL', ledger.J .. 'leases')
  for at = 1, #leases, 2 do
    local fields = split(leases[at + 1], '|')
    if fields[6] == 'L' and tonumber(leases[at]) <= ledger.cut then
      if count == MAX_STEP then return true end
      count = count + 1
      delete_lease(ledger, leases[at], fields, now)
    end
  end
  return false
end

-- Surplus attempts after parallelism was lowered: unstarted before started, then the newest (R11).
local function sweep_surplus(ledger, now)
  local surplus = ledger.active + ledger.undecided - ledger.permits
  if surplus <= 0 or ledger.gate ~= '' then return end
  local live = {}
  local leases = redis.call('HGETALL', ledger.J .. 'leases')
  for at = 1, #leases, 2 do
    local fields = split(leases[at + 1], '|')
    if fields[6] == 'L' and tonumber(leases[at]) > ledger.cut then
      local pod = redis.call('HMGET', pod_key(ledger, leases[at]), 'running', 'started')
      live[#live + 1] = { token = leases[at], fields = fields, running = tonumber(pod[1] or '0'), started = tonumber(pod[2] or '0') }
    end
  end
  table.sort(live, function(x, y)
    if x.running ~= y.running then return x.running < y.running end
    if x.started ~= y.started then return x.started > y.started end
    return tonumber(x.token) > tonumber(y.token)
  end)
  for at = 1, math.min(surplus, #live, MAX_STEP) do
    leave(ledger, live[at].token)
    ledger.terminating = ledger.terminating + 1
    delete_lease(ledger, live[at].token, live[at].fields, now)
  end
  ledger.version = ledger.version + 1
end

local function collect(ledger)
  local tokens = redis.call('ZRANGE', ledger.J .. 'pods', 0, MAX_STEP - 1)
  for _, token in ipairs(tokens) do
    if redis.call('HEXISTS', ledger.J .. 'leases', token) == 0 then remove_pod(ledger, token) end
  end
  if #tokens == MAX_STEP then return true end
  if redis.call('HLEN', ledger.J .. 'leases') > 0 then return false end
  for _, name in ipairs({ 'job', 'ledger', 'done', 'bad', 'ready', 'waiting', 'places', 'leases', 'held', 'pods', 'fails' }) do
    redis.call('UNLINK', ledger.J .. name)
  end
  redis.call('ZREM', G .. 'due', ledger.uid)
  return false
end

local function sweep(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  if not ledger then return 0 end
  local now = clock()
  local more = sweep_cut(ledger, now)
  if not more then ledger.sweep = 0 end
  sweep_surplus(ledger, now)
  save_ledger(ledger)
  offer(ledger, now)
  if ledger.deleted == 1 and not more then more = collect(ledger) end
  return more and 1 or 0
end
redis.register_function('drover1_sweep', sweep)
