-- Ownerless pods and the Jobs that take them (R3).

-- Takes the pod's record over, under a new token.
local function move_pod(home, old, ledger, token, name)
  load_texts(home)
  load_texts(ledger)
  redis.call('RENAME', pod_key(home, old), pod_key(ledger, token))
  redis.call('ZREM', home.J .. 'pods', old)
  redis.call('ZADD', ledger.J .. 'pods', token, token)
  redis.call('ZREM', G .. 'pods', path_of(home.ns, name, home.uid .. ' ' .. old))
  redis.call('ZADD', G .. 'pods', 0, path_of(ledger.ns, name, ledger.uid .. ' ' .. token))
  redis.call('SREM', G .. 'strays:' .. home.ns, home.uid .. ' ' .. old)
  for _, result in ipairs({ 'S', 'F' }) do redis.call('ZREM', G .. 'ended:' .. result, home.uid .. ' ' .. old) end
  redis.call('HDEL', pod_key(ledger, token), 'extra')
end

-- Its lease at home; a worker's leaves its new address behind.
local function take_lease(home, old, ledger, token)
  local lease = read_lease(home, old)
  if not lease then return { node = '', instance = '', slot = '' } end
  if is_live(home, old, lease) then home.active = home.active - 1 end
  if lease.instance == '' then
    redis.call('HDEL', home.J .. 'leases', old)
  else
    write_lease(home, old, { node = lease.node, instance = '', slot = lease.slot, first = -1, last = -1, state = 'M',
      pod = ledger.uid .. ' ' .. token })
  end
  return lease
end

-- The lowest free item, or the pod's own index; -1, -1 if there is none: then it is an extra attempt.
local function take_item(ledger, token, index, now)
  ledger.extras = ledger.extras + 1
  if ledger.indexed == 1 then return take_index(ledger, token, index) end
  if ledger.completions < 0 then return -1, -1 end
  if ledger.ranges > 0 or ledger.cursor < ledger.completions then
    local first, last = take(ledger, 1, now)
    if first then return first, last end
  end
  redis.call('HSET', pod_key(ledger, token), 'extra', 1)
  return -1, -1
end

-- ARGV  uid, epoch, the pod's present uid of a Job and token, index (-1: none), tracked (0|1), then name and value of fields to set
-- Reply 1, or 0 if the pod is gone or somebody's; error STALE
local function adopt(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger, old, index, now = load_ledger(a[1]), a[4], tonumber(a[5]), clock()
  local home = a[3] == a[1] and ledger or load_ledger(a[3])
  local pod = home and redis.call('HMGET', pod_key(home, old), 'name', 'disowned', 'phase', 'running', 'restarts', 'finished')
  if not ledger or ledger.deleted == 1 or not pod or not pod[1] or pod[2] ~= '1' then return 0 end
  local token = int(next_token(ledger))
  move_pod(home, old, ledger, token, pod[1])
  local lease = take_lease(home, old, ledger, token)
  touch_pod(ledger, token, pod[1], 'disowned', 0, 'stray', 0, 'counted', 1 - tonumber(a[6]), 'index', int(index), 'home', home.uid .. ' ' .. old,
    unpack(a, 7))
  lease.first, lease.last = take_item(ledger, token, index, now)
  lease.state, lease.pod = 'L', pod[1]
  write_lease(ledger, token, lease)
  ledger.active, ledger.version = ledger.active + 1, ledger.version + 1
  ledger.ready = ledger.ready + tonumber(pod[4] or 0)
  ledger.restarts = ledger.restarts + tonumber(pod[5] or 0)
  if is_terminal(pod[3]) then
    settle(ledger, token, { instance = lease.instance, result = pod[3] == 'Succeeded' and 'S' or 'F', written = true,
      finishedAgo = math.max(now - tonumber(pod[6] or now), 0), restarts = -1, startedAgo = -1, exceptions = '' }, now)
  end
  if home ~= ledger then
    save_ledger(home)
    remind(home.uid, 0)
  end
  mark_dirty(ledger, now)
  save_ledger(ledger)
  return 1
end
register_always('drover1_adopt', adopt)

-- Deletes live attempts, uncounted (R16). One that is an extra attempt beside its index's own leaves it its item.
-- ARGV  uid, epoch, then per attempt: token, token of the one that stays ('' if none does)
-- Reply 1; error STALE
local function discard(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger, now = load_ledger(a[1]), clock()
  if not ledger then return 0 end
  for at = 3, #a, 2 do
    local token, heir = a[at], a[at + 1]
    local lease, other = read_lease(ledger, token), heir ~= '' and read_lease(ledger, heir)
    if lease and is_live(ledger, token, lease) then
      if other and other.first < 0 then
        other.first, other.last, lease.first, lease.last = lease.first, lease.last, -1, -1
        write_lease(ledger, heir, other)
        redis.call('HDEL', pod_key(ledger, heir), 'extra')
      end
      leave(ledger, token, lease)
      ledger.terminating = ledger.terminating + 1
      delete_lease(ledger, token, lease, now)
    end
  end
  ledger.version = ledger.version + 1
  mark_dirty(ledger, now)
  save_ledger(ledger)
  return 1
end
register_always('drover1_discard', discard)

-- ARGV namespace. Reply per ownerless pod, at most 500: its Job's object, status and resourceVersion, then the pod as in State
local function strays(_, a)
  local reply = {}
  for at, member in ipairs(redis.call('SMEMBERS', G .. 'strays:' .. a[1])) do
    if at > MAX_STEP then break end
    local uid, token = string.match(member, '^(%S+) (%d+)$')
    append_job(uid, reply)
    append_pod({ J = keys_of(uid) }, token, reply)
  end
  return reply
end
register_reading('drover1_strays', strays)
