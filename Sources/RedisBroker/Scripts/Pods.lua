-- What clients, and agents outside, write of a pod; and its deletion.

-- An agent's report about a live attempt: readiness and restarts (R4, R32).
local function follow(ledger, token, lease, before, now)
  if not is_live(ledger, token, lease) then return end
  local pod = redis.call('HMGET', pod_key(ledger, token), 'running', 'restarts')
  local restarts = tonumber(pod[2] or 0)
  ledger.ready = ledger.ready + tonumber(pod[1] or 0) - tonumber(before.running or 0)
  ledger.restarts = ledger.restarts + restarts - tonumber(before.restarts or 0)
  if ledger.restarts > 0 and ledger.restarts >= ledger.limit then look_soon(ledger) end
  mark_dirty(ledger, now)
end

local function is_terminal(phase) return phase == 'Succeeded' or phase == 'Failed' end

-- A client has given the pod another index, or none (-1).
local function reindex(ledger, token, lease, index)
  local is_held = lease.state == 'D' and redis.call('ZSCORE', ledger.J .. 'held', token)
  if not is_held and lease.state ~= 'K' and not is_live(ledger, token, lease) then return end
  make_ready(ledger, lease.first, lease.last)
  lease.first, lease.last = take_index(ledger, token, index)
  write_lease(ledger, token, lease)
  ledger.version = ledger.version + 1
end

-- What the failures of the pod's index are counted from (P13).
local function set_count(ledger, token, name, count)
  local index = redis.call('HGET', pod_key(ledger, token), 'index')
  if ledger.perIndex == 1 and tonumber(index or -1) >= 0 then redis.call('HSET', ledger.J .. name, index, count) end
end

-- It is its Job's no more (R3): it counts nowhere, its items are free for others.
local function release(ledger, token, lease)
  local pod = redis.call('HMGET', pod_key(ledger, token), 'disowned', 'phase')
  if pod[1] == '1' then return end
  redis.call('HSET', pod_key(ledger, token), 'disowned', 1, 'counted', 1, 'stray', 1)
  load_texts(ledger)
  redis.call('SADD', G .. 'strays:' .. ledger.ns, ledger.uid .. ' ' .. token)
  ledger.version = ledger.version + 1
  offer_stray(ledger.ns)
  if lease then
    if is_live(ledger, token, lease) then
      leave(ledger, token, lease)
      make_ready(ledger, lease.first, lease.last)
    else
      ledger.terminating = ledger.terminating - 1
      if lease.state == 'K' then ledger.kept = ledger.kept - 1 end
      if lease.state ~= 'D' then make_ready(ledger, lease.first, lease.last) end
    end
    lease.state = 'X'
    write_lease(ledger, token, lease)
  elseif redis.call('ZREM', ledger.J .. 'held', token) == 1 then
    ledger.undecided = ledger.undecided - 1
    local index = tonumber(redis.call('HGET', pod_key(ledger, token), 'index') or -1)
    make_ready(ledger, index, index)
  end
end

-- ARGV  uid, token, resourceVersion that it must still have ('' for any), leaves its Job (0|1), then name and value of each field
-- Reply resourceVersion; errors GONE, CONFLICT
local function write_pod(_, a)
  local ledger, token = load_ledger(a[1]), a[2]
  local pod = ledger and redis.call('HMGET', pod_key(ledger, token), 'name', 'rv', 'phase', 'running', 'restarts')
  if not pod or not pod[1] then return redis.error_reply('GONE no such pod') end
  if a[3] ~= '' and a[3] ~= pod[2] then return redis.error_reply('CONFLICT the pod was modified') end
  local now, lease = clock(), read_lease(ledger, token)
  if a[4] == '1' then release(ledger, token, lease) end
  touch_pod(ledger, token, pod[1], unpack(a, 5))
  for at = 5, #a, 2 do
    if a[at] == 'index' and lease then reindex(ledger, token, lease, tonumber(a[at + 1])) end
    if a[at] == 'failures' then set_count(ledger, token, 'fails', a[at + 1]) end
    if a[at] == 'ignores' then set_count(ledger, token, 'ignores', a[at + 1]) end
  end
  local after = redis.call('HMGET', pod_key(ledger, token), 'phase', 'finished', 'rv', 'stray')
  if after[4] == '1' then load_texts(ledger); offer_stray(ledger.ns) end
  if lease then
    follow(ledger, token, lease, { running = pod[4], restarts = pod[5] }, now)
    if is_terminal(after[1]) then
      settle(ledger, token, { instance = lease.instance, result = after[1] == 'Succeeded' and 'S' or 'F', written = true,
        finishedAgo = math.max(now - tonumber(after[2] or now), 0), restarts = -1, startedAgo = -1, exceptions = '' }, now)
    end
  end
  if let_go(ledger, token) and ledger.blind == 1 then remind(ledger.uid, 0) end
  offer(ledger, now)
  save_ledger(ledger)
  return redis.call('HGET', pod_key(ledger, token), 'rv') or after[3]
end
register_always('drover1_write_pod', write_pod)

-- Takes a live attempt out of the running. It counts as failed now, or when it has ended (R30, R46).
local function delete_live(ledger, token, lease, finished)
  leave(ledger, token, lease)
  ledger.terminating = ledger.terminating + 1
  if ledger.blind == 1 then
    lease.state = 'T'
  elseif is_cut_off(ledger, lease) then
    -- Before the sweep that would have done it (R21).
    lease.state = 'D'
  elseif lease.is_untracked then
    lease.state = ledger.replaces == 1 and 'T' or 'D'
    if lease.state == 'D' then make_ready(ledger, lease.first, lease.last) end
  elseif ledger.replaces == 1 then
    lease.state = 'K'
    ledger.kept = ledger.kept + 1
  else
    lease.state = 'D'
    redis.call('HSET', pod_key(ledger, token), 'failedAt', int(finished))
    hold(ledger, token, finished)
  end
  ledger.version = ledger.version + 1
end

-- No pod is left to see; whoever runs it is stopped all the same.
local function vanish(ledger, token, lease)
  redis.call('HSET', pod_key(ledger, token), 'gone', 1)
  if not lease or lease.state == 'K' or lease.state == 'Z' then return end
  if lease.state == 'X' then ledger.terminating = ledger.terminating + 1 end
  ledger.terminating = ledger.terminating - 1
  ledger.version = ledger.version + 1
  -- L: under a cut that is not swept yet.
  local has_items = lease.state == 'T' or lease.state == 'L'
  if has_items and ledger.deleted == 0 and not is_cut_off(ledger, lease) then make_ready(ledger, lease.first, lease.last) end
  lease.state = 'Z'
  if lease.instance == '' then redis.call('HDEL', ledger.J .. 'leases', token) else write_lease(ledger, token, lease) end
  remind(ledger.uid, 0)
end

-- Marks a lease as deleted, uncounted (R11). Where only failed pods are replaced its items come back when it has ended (R46), else at
-- once. Nobody runs a pod that was never bound: it is gone at once.
local function delete_lease(ledger, token, lease, now)
  lease.state = ledger.replaces == 1 and not is_cut_off(ledger, lease) and 'T' or 'D'
  write_lease(ledger, token, lease)
  if lease.state == 'D' and not is_cut_off(ledger, lease) and ledger.deleted == 0 then make_ready(ledger, lease.first, lease.last) end
  if lease.pod == '' then return tell_node(lease.node, 'stop|' .. ledger.uid .. '|' .. token .. '|') end
  touch_pod(ledger, token, lease.pod, 'deletion', int(now), 'counted', 1)
  if ledger.deleted == 0 then note_pod(ledger, 'SuccessfulDelete', 'Deleted pod: ' .. lease.pod, now) end
  if lease.instance ~= '' then return stop_attempt(ledger, token, lease, '') end
  if (redis.call('HGET', pod_key(ledger, token), 'node') or '') ~= '' then return end
  vanish(ledger, token, lease)
  let_go(ledger, token)
end

-- ARGV  uid, token, resourceVersion ('' for any), grace in seconds, finish time (ms; 0: now) if it counts as failed by this (R35)
-- Reply 1 if the pod is gone, else 0; errors GONE, CONFLICT
local function delete_pod(_, a)
  local ledger, token = load_ledger(a[1]), a[2]
  local pod = ledger and redis.call('HMGET', pod_key(ledger, token), 'name', 'rv', 'phase', 'node', 'deletion', 'grace')
  if not pod or not pod[1] then return redis.error_reply('GONE no such pod') end
  if a[3] ~= '' and a[3] ~= pod[2] then return redis.error_reply('CONFLICT the pod was modified') end
  local now, lease, grace = clock(), read_lease(ledger, token), tonumber(a[4])
  if is_terminal(pod[3]) or (pod[4] or '') == '' then grace = 0 end
  if lease and is_live(ledger, token, lease) then
    delete_live(ledger, token, lease, tonumber(a[5]) > 0 and tonumber(a[5]) or now)
    write_lease(ledger, token, lease)
    mark_dirty(ledger, now)
  end
  if not pod[5] or grace < tonumber(pod[6] or 30) then
    touch_pod(ledger, token, pod[1], 'deletion', int(now + grace * 1000), 'grace', grace)
    if lease and lease.instance ~= '' then stop_attempt(ledger, token, lease, grace) end
  end
  if grace == 0 then vanish(ledger, token, lease) end
  -- What was never bound ends by the collector of pods (P10).
  if lease and lease.state == 'K' and (pod[4] or '') == '' then remind(ledger.uid, now + 20000) end
  local is_gone = let_go(ledger, token)
  if is_gone and ledger.blind == 1 then remind(ledger.uid, 0) end
  offer(ledger, now)
  save_ledger(ledger)
  return is_gone and 1 or 0
end
register_always('drover1_delete_pod', delete_pod)

-- nothing -> a pod of nobody, created by a client: a ledger of its own with one attempt, which nothing counts.
-- ARGV  uid, namespace, name, object of a Job whose template is the pod (JSON), external (0|1), tracked (0|1: it has the finalizer of a
--       Job's pod), what it asks of a node (JSON, '' for nothing), stride, priority (Shares.lua), then name and value of further
--       fields
-- Reply resourceVersion; error EXISTS
local function create_pod(_, a)
  local uid, ns, name = a[1], a[2], a[3]
  local known, now = find('pods', ns, name), clock()
  if known and string.sub(known, 1, #uid) == uid then return redis.call('HGET', keys_of(uid) .. 'pod:' .. string.match(known, '%d+$'), 'rv') end
  if known then return redis.error_reply('EXISTS the name is taken') end
  local ledger = { uid = uid, J = keys_of(uid), ns = ns, name = name }
  for _, field in ipairs(HOT) do ledger[field] = 0 end
  ledger.completions, ledger.cursor, ledger.version, ledger.active = 1, 1, 1, 1
  ledger.orphaned, ledger.blind, ledger.deleted, ledger.external = 1, 1, 1, tonumber(a[5])
  ledger.stride, ledger.priority = tonumber(a[8]), tonumber(a[9])
  redis.call('HSET', ledger.J .. 'job', 'object', a[4], 'status', '{}', 'rv', '0')
  redis.call('HSET', ledger.J .. 'ledger', 'ns', ns, 'name', name, 'prefix', name, 'settings', '{}', 'gate', 'Solo')
  use_class(ledger, a[7], now)
  redis.call('SADD', G .. 'solos', uid)
  redis.call('SADD', G .. 'strays:' .. ns, uid .. ' ' .. int(next_token(ledger)))
  offer_stray(ns)
  local token = int(ledger.token)
  make_pod(ledger, token, name, -1, '', uid, now, 0, 'counted', 1 - tonumber(a[6]), 'disowned', 1, 'stray', 1,
    unpack(a, 10))
  write_lease(ledger, token, { node = '', instance = '', slot = '', first = -1, last = -1, state = 'L', pod = name })
  if ledger.external == 0 then
    ledger.pending = redis.call('ZADD', ledger.J .. 'pending', token, token)
    -- Once nobody has taken it for a second it shows why.
    remind(ledger.uid, now + 1000)
  end
  offer(ledger, now)
  save_ledger(ledger)
  return redis.call('HGET', pod_key(ledger, token), 'rv')
end
redis.register_function('drover1_create_pod', create_pod)
