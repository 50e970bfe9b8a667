-- Nodes: registration, heartbeat, loss.

-- What a node's loss makes of an attempt (P7).
local LOST = { result = 'F', exit = '', reason = 'NodeLost', message = 'the node was lost', restarts = 0, startedAgo = -1, finishedAgo = 0,
  disruption = 'DeletionByTaintManager', tail = '', exceptions = '', podUID = '' }

-- Ends up to 500 leases of an instance. Chunks are given back, processes fail (or are given back too: how = 'R').
local function end_leases(node, instance, how, now)
  local key, count = G .. 'slots:' .. instance, 0
  local slots = redis.call('HGETALL', key)
  for at = 1, #slots, 2 do
    local parts = split(slots[at + 1], '|')
    if count == MAX_STEP then return count end
    if parts[3] and parts[3] ~= '0' then
      count = count + 1
      local ledger = load_ledger(parts[2])
      if ledger then
        local r = setmetatable({ instance = instance, node = node }, { __index = LOST })
        if how == 'R' or redis.call('EXISTS', pod_key(ledger, parts[3])) == 0 then r.result = 'R' end
        local pod = redis.call('HGET', pod_key(ledger, parts[3]), 'restarts')
        r.restarts = pod or 0
        settle(ledger, parts[3], r, now)
        save_ledger(ledger)
        offer(ledger, now)
      end
    end
    redis.call('HDEL', key, slots[at])
  end
  return count
end

local function forget_node(name, instance)
  redis.call('DEL', G .. 'slots:' .. instance, G .. 'wake:' .. name)
  redis.call('ZREM', G .. 'idle', name)
  redis.call('SREM', G .. 'recovering', name)
  if redis.call('HGET', G .. 'node:' .. name, 'instance') == instance then
    redis.call('DEL', G .. 'node:' .. name)
    redis.call('SREM', G .. 'nodes', name)
    log('Node', 'D', name, '')
  end
end

-- ARGV  name, instance, machine, lease ms, slots, labels (JSON)
-- Reply 1; error NAMETAKEN. A predecessor on the same machine is lost with its leases.
local function register(_, a)
  local old = redis.call('HMGET', G .. 'node:' .. a[1], 'instance', 'machine')
  if old[1] and old[2] ~= a[3] then return redis.error_reply('NAMETAKEN ' .. old[2]) end
  if old[1] and old[1] ~= a[2] then
    if end_leases(a[1], old[1], 'F', clock()) == MAX_STEP then return redis.error_reply('AGAIN more leases to end') end
    forget_node(a[1], old[1])
  end
  redis.call('HSET', G .. 'node:' .. a[1], 'instance', a[2], 'machine', a[3], 'lease', a[4], 'slots', a[5], 'labels', a[6])
  redis.call('HINCRBY', G .. 'node:' .. a[1], 'renewal', 1)
  redis.call('SADD', G .. 'nodes', a[1])
  log('Node', 'A', a[1], '')
  return 1
end
redis.register_function('drover1_register', register)

-- After Redis came back older: an attempt the ledger doesn't know is taken back if its item is free.
local function take_back(ledger, a, slot, token, first, last, pod, pod_uid, now)
  if ledger.deleted == 1 or first < 0 or redis.call('GETBIT', ledger.J .. 'done', int(first)) == 1 then return false end
  if first >= ledger.cursor then
    if first > ledger.cursor then make_ready(ledger, ledger.cursor, first - 1) end
    ledger.cursor = last + 1
  elseif redis.call('ZREM', ledger.J .. 'ready', int(first) .. '-' .. int(last)) == 0 then
    return false
  end
  ledger.active, ledger.token = ledger.active + 1, math.max(ledger.token, tonumber(token))
  redis.call('HSET', ledger.J .. 'leases', token, table.concat({ a[1], a[2], slot, int(first), int(last), 'L' }, '|'))
  if pod ~= '' then
    local rv = log('Pod', 'A', ledger.ns .. '/' .. pod, ledger.uid, token)
    redis.call('ZADD', G .. 'pods', 0, pod_name_key(ledger, pod, token))
    redis.call('ZADD', ledger.J .. 'pods', token, token)
    redis.call('HSET', pod_key(ledger, token), 'name', pod, 'uid', pod_uid, 'index', int(first), 'node', a[1], 'phase', 'Running',
      'created', int(now), 'started', int(now), 'rv', rv)
  end
  return true
end

-- Whether the node may keep on with an attempt; else it is told to stop.
local function check_held(a, at, recovering, now, reply)
  local slot, uid, token = a[at], a[at + 1], a[at + 2]
  local ledger = load_ledger(uid)
  local lease = ledger and redis.call('HGET', ledger.J .. 'leases', token)
  if not lease and ledger and recovering then
    if take_back(ledger, a, slot, token, tonumber(a[at + 3]), tonumber(a[at + 4]), a[at + 5], a[at + 6], now) then
      save_ledger(ledger)
      lease = redis.call('HGET', ledger.J .. 'leases', token)
    end
  end
  local fields = lease and split(lease, '|')
  if fields and fields[2] == a[2] and fields[6] == 'L' and tonumber(token) > ledger.cut then
    local record = redis.call('HGET', G .. 'slots:' .. a[2], slot)
    if recovering and not (record and split(record, '|')[3] == token) then
      redis.call('HSET', G .. 'slots:' .. a[2], slot, '0|' .. uid .. '|' .. token)
    end
    return
  end
  reply[#reply + 1] = 'stop|' .. uid .. '|' .. token .. '|' .. ((fields and fields[2] == a[2]) and '' or '0')
end

-- Leases that the node does not name twice in a row are released: it does not know of them.
local function release_unnamed(a, named, now)
  local key = G .. 'slots:' .. a[2]
  local slots = redis.call('HGETALL', key)
  for at = 1, #slots, 2 do
    local parts = split(slots[at + 1], '|')
    if parts[3] and parts[3] ~= '0' and not named[parts[3] .. parts[2]] then
      if parts[4] then
        local ledger = load_ledger(parts[2])
        if ledger then
          settle(ledger, parts[3], setmetatable({ instance = a[2], node = a[1], result = 'R' }, { __index = LOST }), now)
          save_ledger(ledger)
          offer(ledger, now)
        end
        redis.call('HSET', key, slots[at], parts[1] .. '||0')
      else
        redis.call('HSET', key, slots[at], slots[at + 1] .. '|unnamed')
      end
    end
  end
end

-- ARGV  name, instance, then per lease held: slot, uid, token, first, last, pod, pod uid
-- Reply messages 'stop|uid|token|grace' for attempts to end; error NONODE. At most 500 leases a call.
local function renew(_, a)
  if redis.call('HGET', G .. 'node:' .. a[1], 'instance') ~= a[2] then return redis.error_reply('NONODE registered no more') end
  local now, reply, named = clock(), {}, {}
  local recovering = redis.call('SREM', G .. 'recovering', a[1]) == 1
  redis.call('HINCRBY', G .. 'node:' .. a[1], 'renewal', 1)
  for at = 3, #a, 7 do
    check_held(a, at, recovering, now, reply)
    named[a[at + 2] .. a[at + 1]] = true
  end
  release_unnamed(a, named, now)
  return reply
end
redis.register_function('drover1_renew', renew)

-- ARGV  name, instance, epoch of the leader ('' when the node itself or its guardian says so), F or R (what becomes of its leases)
-- Reply leases ended; the node is gone when 0; error STALE
local function expire(_, a)
  if a[3] ~= '' and not check_epoch(a[3]) then return redis.error_reply('STALE another leads') end
  local count = end_leases(a[1], a[2], a[4], clock())
  if count < MAX_STEP then forget_node(a[1], a[2]) end
  return count < MAX_STEP and 0 or count
end
redis.register_function('drover1_expire', expire)

-- Reply per node: name, instance, renewal, lease ms, slots, labels (JSON)
local function nodes()
  local reply = {}
  for _, name in ipairs(redis.call('SMEMBERS', G .. 'nodes')) do
    local node = redis.call('HMGET', G .. 'node:' .. name, 'instance', 'renewal', 'lease', 'slots', 'labels')
    reply[#reply + 1] = name
    for at = 1, 5 do reply[#reply + 1] = node[at] or '' end
  end
  return reply
end
redis.register_function('drover1_nodes', nodes)
