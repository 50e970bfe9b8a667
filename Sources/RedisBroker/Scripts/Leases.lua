-- Leases and pods.
-- A lease is "node|instance|slot|a|b|state|pod name": items a...b (a is -1 in a work queue), '' where it has no pod; node and instance
-- are '' while nobody runs it, or an agent outside does. States: L live; K deleted by a client where only failed pods are replaced: it
-- keeps its items and counts when it has ended (R46); D deleted, its items are somebody else's; T deleted, its items come back when it
-- has ended; X of its Job no more (R3); M gone to
-- another Job, whose uid and token stand for the name; Z no pod is left of it. A cut makes D or T of L later (Sweep).
-- A pod's outcome is counted, or never will be, when its field `counted` is 1: then the tracking finalizer is off (P15).

local LEASE = '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|(.*)$'

-- nil if there is none.
local function read_lease(ledger, token)
  local text = redis.call('HGET', ledger.J .. 'leases', token)
  if not text then return nil end
  local node, instance, slot, first, last, state, pod = string.match(text, LEASE)
  return { node = node, instance = instance, slot = slot, first = tonumber(first), last = tonumber(last), state = state, pod = pod }
end

local function write_lease(ledger, token, lease)
  redis.call('HSET', ledger.J .. 'leases', token, lease.node .. '|' .. lease.instance .. '|' .. lease.slot .. '|' .. lease.first
    .. '|' .. lease.last .. '|' .. lease.state .. '|' .. lease.pod)
end

-- Whether it counts as active: not deleted, not under a cut.
local function is_live(ledger, token, lease) return lease.state == 'L' and tonumber(token) > ledger.cut end

local function pod_key(ledger, token) return ledger.J .. 'pod:' .. token end

local function make_pod(ledger, token, name, index, node, uid, now, failures, ...)
  load_texts(ledger)
  redis.call('ZADD', G .. 'pods', 0, path_of(ledger.ns, name, ledger.uid .. ' ' .. token))
  redis.call('ZADD', ledger.J .. 'pods', token, token)
  local rv = log('Pod', 'A', ledger.ns .. '/' .. name, ledger.uid, token)
  redis.call('HSET', pod_key(ledger, token), 'name', name, 'uid', uid, 'index', int(index), 'node', node, 'phase', 'Pending',
    'created', int(now), 'failures', failures, 'rv', int(rv), ...)
end

-- Changes fields of the pod of that name, and logs it.
local function touch_pod(ledger, token, name, ...)
  load_texts(ledger)
  redis.call('HSET', pod_key(ledger, token), 'rv', int(log('Pod', 'M', ledger.ns .. '/' .. name, ledger.uid, token)), ...)
end

local function remove_pod(ledger, token)
  local key = pod_key(ledger, token)
  local pod = redis.call('HMGET', key, 'name', 'stray')
  if not pod[1] then return end
  load_texts(ledger)
  redis.call('DEL', key)
  redis.call('ZREM', ledger.J .. 'pods', token)
  redis.call('ZREM', G .. 'pods', path_of(ledger.ns, pod[1], ledger.uid .. ' ' .. token))
  redis.call('ZREM', G .. 'ended:S', ledger.uid .. ' ' .. token)
  redis.call('ZREM', G .. 'ended:F', ledger.uid .. ' ' .. token)
  if pod[2] == '1' then redis.call('SREM', G .. 'strays:' .. ledger.ns, ledger.uid .. ' ' .. token) end
  log('Pod', 'D', ledger.ns .. '/' .. pod[1], ledger.uid, token)
end

-- At most 12,500 finished pods stay over all Jobs, Kubernetes' own figure; the oldest succeeded go first.
local MAX_ENDED = 12500

-- Notes that a pod has ended and been judged; result S or F.
local function retain_pod(ledger, token, result, now)
  redis.call('ZADD', G .. 'ended:' .. result, int(now), ledger.uid .. ' ' .. token)
  local succeeded = redis.call('ZCARD', G .. 'ended:S')
  if succeeded + redis.call('ZCARD', G .. 'ended:F') <= MAX_ENDED then return end
  -- Two for one, so that an excess shrinks.
  for _, member in ipairs(redis.call('ZRANGE', G .. 'ended:' .. (succeeded > 0 and 'S' or 'F'), 0, 1)) do
    local uid, old = string.match(member, '^(%S+) (%d+)$')
    remove_pod(uid == ledger.uid and ledger or { uid = uid, J = keys_of(uid) }, old)
  end
end

-- Removes a pod that has been deleted and is over, unless its outcome awaits counting or a client's finalizer holds it.
local function let_go(ledger, token)
  local pod = redis.call('HMGET', pod_key(ledger, token), 'gone', 'counted', 'hold')
  if pod[1] ~= '1' or pod[2] ~= '1' or pod[3] == '1' then return false end
  remove_pod(ledger, token)
  return true
end

-- The outcome of a pod is counted, or never will be: its tracking finalizer goes (P15).
local function untrack(ledger, token, now)
  local pod = redis.call('HMGET', pod_key(ledger, token), 'name', 'phase', 'finished', 'counted')
  if not pod[1] then return end
  if pod[4] ~= '1' then touch_pod(ledger, token, pod[1], 'counted', 1) end
  if let_go(ledger, token) or (pod[2] ~= 'Succeeded' and pod[2] ~= 'Failed') then return end
  retain_pod(ledger, token, pod[2] == 'Succeeded' and 'S' or 'F', tonumber(pod[3] or now))
end

-- Where an attempt has gone that a Job took over; nil if it is still here. Its worker goes on to name it as it was.
local function moved(ledger, token)
  local lease = ledger and read_lease(ledger, token)
  if lease and lease.state == 'M' then return string.match(lease.pod, '^(%S+) (%d+)$') end
end

-- Tells whoever runs an attempt to end it, by the name that its worker knows.
local function stop_attempt(ledger, token, lease, grace)
  local home = ledger.extras > 0 and redis.call('HGET', pod_key(ledger, token), 'home')
  local uid, number = string.match(home or '', '^(%S+) (%d+)$')
  tell_node(lease.node, 'stop|' .. (uid or ledger.uid) .. '|' .. (number or token) .. '|' .. grace)
end

-- A pod has become nobody's: the Jobs of its namespace look whether they want it (R3).
local function offer_stray(ns)
  local soon = clock() + 1000
  for _, path in ipairs(redis.call('ZRANGEBYLEX', G .. 'jobs', '[' .. ns .. '/', '(' .. ns .. '0', 'LIMIT', 0, MAX_STEP)) do
    remind(string.match(path, '%S+$'), soon)
  end
end
