-- nothing -> Job, its gate shut. O(1) whatever its completions.
-- ARGV  uid, namespace, name, object (JSON), pod name prefix, indexed (0|1), completions (-1: work queue), limit (backoffLimit),
--       per index (0|1), yields (0|1), settings (JSON)
-- Reply resourceVersion; error EXISTS
local function create_job(_, a)
  local uid, ns, name = a[1], a[2], a[3]
  local J, path = keys_of(uid), ns .. '/' .. name
  local known = redis.call('ZRANGEBYLEX', G .. 'jobs', '[' .. path .. '/', '(' .. path .. '0', 'LIMIT', 0, 1)[1]
  if known == path .. '/' .. uid then return redis.call('HGET', J .. 'job', 'rv') end
  if known then return redis.error_reply('EXISTS the name is taken') end
  local rv = log('Job', 'A', path, uid)
  redis.call('HSET', J .. 'job', 'object', a[4], 'status', '{}', 'rv', rv)
  redis.call('HSET', J .. 'ledger', 'ns', ns, 'name', name, 'prefix', a[5], 'indexed', a[6], 'completions', a[7], 'limit', a[8],
    'perIndex', a[9], 'yields', a[10], 'settings', a[11], 'gate', 'new', 'version', 1)
  redis.call('ZADD', G .. 'jobs', 0, path .. '/' .. uid)
  remind(uid, clock())
  return rv
end
redis.register_function('drover1_create_job', create_job)
