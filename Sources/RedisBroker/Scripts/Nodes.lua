-- Nodes: registration and loss.

-- What a node's loss makes of an attempt (P7).
local function lost(instance, how)
  return { instance = instance, result = how, exit = '', reason = 'NodeLost', message = 'the node was lost', restarts = -1, startedAgo = -1,
    finishedAgo = 0, disruption = 'DeletionByTaintManager', tail = '', exceptions = '' }
end

-- Ends one lease of an instance. Chunks are given back; processes fail, or are given back too (how = 'R').
function end_lease(instance, uid, token, how, now)
  local ledger = load_ledger(uid)
  local lease = ledger and read_lease(ledger, token)
  if not lease then return end
  local moved_to, number = moved(ledger, token)
  if moved_to then
    redis.call('HDEL', ledger.J .. 'leases', token)
    return end_lease(instance, moved_to, number, how, now)
  end
  settle(ledger, token, lost(instance, lease.pod == '' and 'R' or how), now)
  offer(ledger, now)
  save_ledger(ledger)
end

-- Ends up to 500 leases of an instance.
local function end_leases(instance, how, now)
  local key, count = SLOTS .. instance, 0
  local slots = redis.call('HGETALL', key)
  for at = 1, #slots, 2 do
    if slots[at] ~= '@' then
      local _, uid, token = string.match(slots[at + 1], SLOT)
      if token ~= '0' then
        if count == MAX_STEP then return count end
        count = count + 1
        if how == 'F' then tally('expired') end
        end_lease(instance, uid, token, how, now)
      end
      redis.call('HDEL', key, slots[at])
    end
  end
  return count
end

-- Notes that a node has presented what it runs, or is gone. Whether it was asked to. After the last one all may claim again.
local function presented(name)
  if redis.call('SREM', G .. 'recovering', name) == 0 then return false end
  if redis.call('EXISTS', G .. 'recovering') == 0 then
    redis.call('HDEL', SYS, 'recovering')
    for _, node in ipairs(redis.call('SMEMBERS', G .. 'nodes')) do tell_node(node, 'work') end
  end
  return true
end

local function forget_node(name, instance)
  redis.call('DEL', SLOTS .. instance)
  if redis.call('HGET', G .. 'node:' .. name, 'instance') ~= instance then return end
  redis.call('DEL', G .. 'node:' .. name, G .. 'wake:' .. name)
  redis.call('SREM', G .. 'nodes', name)
  redis.call('ZREM', IDLE, name)
  presented(name)
  spread_anew()
  log('Node', 'D', name, '')
end

-- ARGV  name, instance, machine, lease ms, slots, labels (JSON), facts of its host (JSON), what it has for pods (JSON)
-- Reply 1; error NAMETAKEN. A predecessor on the same machine is lost with its leases.
local function register(_, a)
  if a[1] == '' or a[2] == '' or string.find(a[1] .. a[2], '[|%s]') then
    return redis.error_reply('UNUSABLE the name or instance of a node is empty or has a space or a | in it')
  end
  local old = redis.call('HMGET', G .. 'node:' .. a[1], 'instance', 'machine', 'lost', 'cordoned')
  if old[1] and old[2] ~= a[3] then return redis.error_reply('NAMETAKEN the name ' .. a[1] .. ' is in use on machine ' .. old[2]) end
  if old[1] and (old[1] ~= a[2] or old[3] == '1') then
    if end_leases(old[1], 'F', clock()) == MAX_STEP then return redis.error_reply('AGAIN more leases to end') end
    forget_node(a[1], old[1])
    old[4] = nil
  end
  redis.call('HSET', G .. 'node:' .. a[1], 'instance', a[2], 'machine', a[3], 'lease', a[4], 'slots', a[5], 'labels', a[6],
    'facts', a[7], 'offer', a[8])
  redis.call('HSETNX', G .. 'node:' .. a[1], 'since', int(clock()))
  redis.call('HINCRBY', G .. 'node:' .. a[1], 'renewal', 1)
  redis.call('HSET', SLOTS .. a[2], '@', a[1] .. (old[4] == '1' and '|' or ''))
  redis.call('SADD', G .. 'nodes', a[1])
  spread_anew()
  log('Node', old[1] == a[2] and 'M' or 'A', a[1], '')
  return 1
end
register_always('drover1_register', register)

-- Gives a node up: from the first step on it is registered no more.
-- ARGV  name, instance, epoch of the leader ('' when the node itself or its guardian says so), F or R (what becomes of its leases),
--       the renewal at which it was seen to stand still ('' for any): one that has renewed since is kept
-- Reply leases ended; the node is gone, or kept, when 0; error STALE
local function expire(_, a)
  if a[3] ~= '' and not check_epoch(a[3]) then return redis.error_reply('STALE another leads') end
  local node = redis.call('HMGET', G .. 'node:' .. a[1], 'instance', 'renewal', 'lost')
  if node[1] ~= a[2] or (a[5] ~= '' and node[3] ~= '1' and node[2] ~= a[5]) then return 0 end
  redis.call('HSET', G .. 'node:' .. a[1], 'lost', 1)
  redis.call('HSET', SLOTS .. a[2], '@', '')
  local count = end_leases(a[2], a[4], clock())
  if count == 0 then forget_node(a[1], a[2]) end
  return count
end
register_always('drover1_expire', expire)

-- Reply per node: name, instance, renewal, lease ms, slots, labels (JSON), facts (JSON), when it registered (ms), what it has for pods (JSON),
--       what of that is free (JSON), the node as clients have written it (JSON, '' if they have not)
local function nodes()
  local reply, names = {}, redis.call('SMEMBERS', G .. 'nodes')
  table.sort(names)
  for _, name in ipairs(names) do
    local node = redis.call('HMGET', G .. 'node:' .. name, 'instance', 'renewal', 'lease', 'slots', 'labels', 'facts', 'since', 'offer', 'free')
    reply[#reply + 1] = name
    for at = 1, 9 do reply[#reply + 1] = node[at] or (at == 7 and '0' or at > 5 and '{}' or '') end
    reply[#reply + 1] = redis.call('HGET', G .. 'object:nodes:/' .. name, 'value') or ''
  end
  return reply
end
register_reading('drover1_nodes', nodes)
