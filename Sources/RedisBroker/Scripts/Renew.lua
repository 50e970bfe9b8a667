-- A node's heartbeat: what it holds is compared with what the ledger says.

-- Puts a lease that was taken back, or that the slot's record has lost, into the record.
local function record_slot(instance, held)
  local key, uid, token = SLOTS .. instance, held[2], held[3]
  local record = redis.call('HGET', key, held[1])
  local sequence, known_uid, known = string.match(record or '-1||0|1|0', SLOT)
  if known == token and known_uid == uid then return end
  redis.call('HSET', key, held[1], sequence .. '|' .. uid .. '|' .. token .. '|1|0')
end

-- Whether the node may keep on with an attempt; else it is told to stop.
local function check_held(a, held, recovering, now, reply)
  local ledger = load_ledger(held[2])
  local lease = ledger and read_lease(ledger, held[3])
  if not lease and ledger and recovering and take_back(ledger, a[1], a[2], held, now) then lease = read_lease(ledger, held[3]) end
  if lease and recovering and lease.instance == '' and ledger.external == 0 and is_live(ledger, held[3], lease) then
    bind_back(ledger, a[1], a[2], held, lease, now)
  end
  local uid, token = moved(ledger, held[3])
  if uid then
    ledger = load_ledger(uid)
    lease = ledger and read_lease(ledger, token)
    if lease and lease.instance == a[2] and is_live(ledger, token, lease) then return end
  end
  local is_own = lease and lease.instance == a[2]
  if is_own and recovering then record_slot(a[2], held) end
  if is_own and is_live(ledger, held[3], lease) then return end
  reply[#reply + 1] = 'stop|' .. held[2] .. '|' .. held[3] .. '|' .. (is_own and '' or '0')
end

-- A lease that the node does not name although it has the answer to the call that brought it, or to a later one, is released: the node
-- does not run it. One that the node has not heard of may have been handed out: the slot asks.
local function check_unnamed(a, named, now, reply)
  local key, answered = SLOTS .. a[2], {}
  for slot, sequence in string.gmatch(a[3], '(%d+):(%-?%d+)') do answered[slot] = tonumber(sequence) end
  local slots = redis.call('HGETALL', key)
  for at = 1, #slots, 2 do
    local known = answered[slots[at]]
    local sequence, uid, token, accepted = string.match(slots[at + 1], SLOT)
    if known and sequence and token ~= '0' and known < tonumber(sequence) then
      reply[#reply + 1] = 'ask|' .. slots[at]
    elseif known and sequence and token ~= '0' and not named[uid .. '|' .. token] then
      end_lease(a[2], uid, token, 'R', now)
      redis.call('HSET', key, slots[at], sequence .. '||0|' .. accepted .. '|0')
    end
  end
end

-- ARGV  name, instance, last answered call of each slot ('0:17,1:9'), what is free of what it has (JSON), then per lease held: slot, uid,
--       token, first, last, pod, pod uid
-- Reply messages: 'stop|uid|token|grace' for attempts to end, 'ask|slot' for slots that are to claim; error NONODE. At most 500 leases a call.
local function renew(_, a)
  local node = redis.call('HMGET', G .. 'node:' .. a[1], 'instance', 'lost')
  if node[1] ~= a[2] or node[2] == '1' then return redis.error_reply('NONODE registered no more') end
  local now, reply, all, named = clock(), {}, {}, {}
  local recovering = presented(a[1])
  redis.call('HINCRBY', G .. 'node:' .. a[1], 'renewal', 1)
  redis.call('HSET', G .. 'node:' .. a[1], 'free', a[4])
  for at = 5, #a, 7 do
    local held = { a[at], a[at + 1], a[at + 2], a[at + 3], a[at + 4], a[at + 5], a[at + 6] }
    all[#all + 1] = held
    named[held[2] .. '|' .. held[3]] = true
  end
  check_unnamed(a, named, now, reply)
  for _, held in ipairs(all) do check_held(a, held, recovering, now, reply) end
  return reply
end
register_always('drover1_renew', renew)
