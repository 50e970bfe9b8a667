-- Placement classes: what Jobs ask of the node that runs them (Broker/Placement). A Job that asks for nothing has the class ''.
-- Jobs with work stand in one list per class, and so do nodes that wait.
--   G classes  zset    ids in the order in which they came;  G class hash id -> JSON;  G classUses hash id -> how many Jobs have it
--   G classAges zset   unused ones by the time of their last use: an hour, and 256 of them, are kept
--   sys: classNumber (of the newest), classEpoch (grows when one is dropped)

local MAX_UNUSED, UNUSED_MILLISECONDS = 256, 3600000

local function class_id(text) return text == '' and '' or string.sub(redis.sha1hex(text), 1, 16) end

local function list_of(class) return class == '' and RUNNABLE or RUNNABLE .. ':' .. class end

local function idle_of(class) return class == '' and IDLE or IDLE .. ':' .. class end

local function takers_of(class) return class == '' and G .. 'takers' or G .. 'takers:' .. class end

local function class_of(ledger) return ledger.placed == 0 and '' or ledger.class end

local function drop_class(id)
  redis.call('ZREM', G .. 'classes', id)
  redis.call('ZREM', G .. 'classAges', id)
  redis.call('HDEL', G .. 'class', id)
  redis.call('HDEL', G .. 'classUses', id)
  redis.call('DEL', idle_of(id), takers_of(id))
  redis.call('HINCRBY', SYS, 'classEpoch', 1)
end

local function trim_classes(now)
  local excess = redis.call('ZCARD', G .. 'classAges') - MAX_UNUSED
  local old = redis.call('ZCOUNT', G .. 'classAges', '-inf', '(' .. int(now - UNUSED_MILLISECONDS))
  local count = math.min(math.max(excess, old), 2)
  if count <= 0 then return end
  for _, id in ipairs(redis.call('ZRANGE', G .. 'classAges', 0, count - 1)) do drop_class(id) end
end

-- The Job has this class from now on. The nodes hear of one that is new.
local function use_class(ledger, text, now)
  local id = class_id(text)
  ledger.placed, ledger.class = id == '' and 0 or 1, id
  if id == '' then return end
  redis.call('HSET', ledger.J .. 'ledger', 'class', id)
  if redis.call('HINCRBY', G .. 'classUses', id, 1) == 1 then redis.call('ZREM', G .. 'classAges', id) end
  if redis.call('HSETNX', G .. 'class', id, text) == 0 then return end
  redis.call('ZADD', G .. 'classes', int(redis.call('HINCRBY', SYS, 'classNumber', 1)), id)
  for _, node in ipairs(redis.call('SMEMBERS', G .. 'nodes')) do tell_node(node, 'classes') end
  trim_classes(now)
end

-- The Job starts nothing more. What it has stood in is still known.
local function leave_class(ledger, now)
  if ledger.placed ~= 1 then return end
  local id = class_of(ledger)
  ledger.placed = 2
  if redis.call('HINCRBY', G .. 'classUses', id, -1) > 0 then return end
  redis.call('HDEL', G .. 'classUses', id)
  redis.call('ZADD', G .. 'classAges', int(now), id)
end

-- What a node needs to know of classes, and what clients have written about it.
-- ARGV  node, epoch and number of the last class that it knows of
-- Reply epoch, its object as clients have written it (JSON, '' if they have not), 1 if there are more else 0, then number, id and JSON of
--       each class that has come since; all if the epoch is another
register_reading('drover1_classes', function(_, a)
  local sys = redis.call('HMGET', SYS, 'run', 'classEpoch')
  -- A store that came back older counts anew.
  local epoch = (sys[1] or '') .. '.' .. (sys[2] or '0')
  local after = epoch == a[2] and a[3] or '0'
  local found = redis.call('ZRANGEBYSCORE', G .. 'classes', '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, MAX_STEP)
  local reply = { epoch, redis.call('HGET', G .. 'object:nodes:/' .. a[1], 'value') or '', #found == 2 * MAX_STEP and 1 or 0 }
  for at = 1, #found, 2 do
    for _, value in ipairs({ found[at + 1], found[at], redis.call('HGET', G .. 'class', found[at]) }) do reply[#reply + 1] = value end
  end
  return reply
end)
