-- A Redis that was started anew, or rolled back, is another incarnation: tokens, epochs and versions go ahead of whatever may be out
-- there, and nothing is granted until every known node has presented what it runs or has been given up.
-- ARGV  run id, replication id, version of the schema
-- Reply incarnation; error UNUSABLE

-- The versions of the store's layout that are in use, 'low high'; nil if `version` is one of them.
local function check_schema(version)
  local known = redis.call('GET', G .. 'schema')
  if not known then redis.call('SET', G .. 'schema', version .. ' ' .. version); return nil end
  local low, high = string.match(known, '^(%d+) (%d+)$')
  if low and tonumber(version) >= tonumber(low) and tonumber(version) <= tonumber(high) then return nil end
  return redis.error_reply('UNUSABLE this Redis is in use by other versions of Drover (store layout ' .. known .. ', this is ' .. version .. ')')
end

-- Far above what was handed out, also by a history that is lost: per millisecond, tokens grow by less than 1024, versions by less than
-- 16 and epochs by less than 1, for long.
local function jump(sys, now)
  local tokens, epoch = unpack(redis.call('HMGET', sys, 'tokens', 'epoch'))
  redis.call('HSET', sys, 'tokens', int(math.max(tonumber(tokens or 0) + 4294967296, now * 1024)),
    'epoch', int(math.max(tonumber(epoch or 0) + 1000000, now)))
  local rv = tonumber(redis.call('GET', G .. 'rv') or 0)
  redis.call('SET', G .. 'rv', int(math.max(rv + 1000000, now * 16)))
  redis.call('DEL', G .. 'log', G .. 'ages', IDLE)
end

local function recover(_, a)
  local sys, refusal = SYS, check_schema(a[3])
  if refusal then return refusal end
  local known = redis.call('HMGET', sys, 'run', 'incarnation', 'clock')
  if known[1] == a[1] then return known[2] end
  local incarnation, now = redis.call('HINCRBY', sys, 'incarnation', 1), clock()
  local behind = tonumber(known[3] or 0) - now
  if behind > 0 then
    redis.call('HINCRBY', sys, 'offset', int(behind))
    now = now + behind
  end
  redis.call('HSET', sys, 'run', a[1], 'replication', a[2])
  jump(sys, now)
  for _, name in ipairs(redis.call('SMEMBERS', G .. 'nodes')) do
    redis.call('SADD', G .. 'recovering', name)
    redis.call('HSET', sys, 'recovering', 1)
  end
  remind_of_all()
  return incarnation
end
register_always('drover1_recover', recover)
