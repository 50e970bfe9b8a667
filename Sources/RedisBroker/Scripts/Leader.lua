-- The one leader: election, agenda, recovery.

-- ARGV  instance, address, renewal number of a leader seen dead ('' if none)
-- Reply instance, address, epoch, renewal, acquired, of who leads now
local function elect(_, a)
  local sys = G .. 'sys'
  local leader = redis.call('HMGET', sys, 'leader', 'renewal')
  if leader[1] ~= a[1] and (not leader[1] or leader[1] == '' or (a[3] ~= '' and leader[2] == a[3])) then
    redis.call('HINCRBY', sys, 'epoch', 1)
    redis.call('HSET', sys, 'leader', a[1], 'address', a[2], 'acquired', int(clock()))
    leader[1] = a[1]
  end
  if leader[1] == a[1] then
    redis.call('HINCRBY', sys, 'renewal', 1)
    redis.call('HSET', sys, 'clock', int(clock()))
  end
  return redis.call('HMGET', sys, 'leader', 'address', 'epoch', 'renewal', 'acquired')
end
redis.register_function('drover1_elect', elect)

-- ARGV  instance
local function resign(_, a)
  if redis.call('HGET', G .. 'sys', 'leader') ~= a[1] then return 0 end
  redis.call('HSET', G .. 'sys', 'leader', '')
  redis.call('RPUSH', G .. 'wake:leader', 1)
  return 1
end
redis.register_function('drover1_resign', resign)

-- Takes Jobs that are due off the agenda.
-- ARGV  limit, rebuild (1: put every Job on it first, for a new leader)
-- Reply now, time of the next (0: none), then uids
local function agenda(_, a)
  local now = clock()
  if a[2] == '1' then
    for _, path in ipairs(redis.call('ZRANGE', G .. 'jobs', 0, -1)) do redis.call('ZADD', G .. 'due', 'LT', 0, split(path, '/')[3]) end
  end
  local uids = redis.call('ZRANGEBYSCORE', G .. 'due', '-inf', int(now), 'LIMIT', 0, tonumber(a[1]))
  if #uids > 0 then redis.call('ZREM', G .. 'due', unpack(uids)) end
  redis.call('DEL', G .. 'wake:leader')
  local next = redis.call('ZRANGE', G .. 'due', 0, 0, 'WITHSCORES')
  return { int(now), next[2] and int(tonumber(next[2])) or '0', unpack(uids) }
end
redis.register_function('drover1_agenda', agenda)

-- ARGV  uid, time
local function remind_of(_, a)
  if redis.call('EXISTS', keys_of(a[1]) .. 'ledger') == 1 then remind(a[1], tonumber(a[2])) end
  return 1
end
redis.register_function('drover1_remind', remind_of)

-- A Redis that was started anew, or rolled back, is another incarnation: tokens and versions go far ahead of whatever may be out
-- there, and nothing is granted until every known node has presented what it runs or has been given up.
-- ARGV  run id, replication id
-- Reply incarnation
local function recover(_, a)
  local sys = G .. 'sys'
  local known = redis.call('HMGET', sys, 'run', 'incarnation', 'clock')
  if known[1] == a[1] then return known[2] end
  local incarnation = redis.call('HINCRBY', sys, 'incarnation', 1)
  local tokens = math.max(tonumber(redis.call('HGET', sys, 'tokens') or '0'), incarnation * 4294967296)
  local now = clock()
  if known[3] and tonumber(known[3]) > now then redis.call('HINCRBY', sys, 'offset', int(tonumber(known[3]) - now)) end
  redis.call('HSET', sys, 'run', a[1], 'replication', a[2], 'tokens', int(tokens))
  redis.call('INCRBY', G .. 'rv', known[1] and 1000000 or 1)
  redis.call('DEL', G .. 'log', G .. 'idle')
  for _, name in ipairs(redis.call('SMEMBERS', G .. 'nodes')) do redis.call('SADD', G .. 'recovering', name) end
  for _, path in ipairs(redis.call('ZRANGE', G .. 'jobs', 0, -1)) do redis.call('ZADD', G .. 'due', 'LT', 0, split(path, '/')[3]) end
  return int(incarnation)
end
redis.register_function('drover1_recover', recover)
