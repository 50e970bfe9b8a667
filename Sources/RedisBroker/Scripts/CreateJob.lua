-- nothing -> Job, its gate shut. O(1) whatever its completions.
-- ARGV  uid, namespace, name, object (JSON), pod name prefix, settings (JSON), indexed (0|1), completions (-1: work queue),
--       limit (backoffLimit), per index (0|1), yields (0|1), replaces (1: only failed pods are replaced, R46), external (0|1),
--       what it asks of a node (JSON, '' for nothing), spread over domains (0|1), stride, priority (Shares.lua),
--       chunks (1: items run in chunks), items (1: they are pushed; there are none yet)
-- Reply resourceVersion; error EXISTS
local function create_job(_, a)
  local uid, ns, name = a[1], a[2], a[3]
  local known = find('jobs', ns, name)
  if known == uid then return redis.call('HGET', keys_of(uid) .. 'job', 'rv') end
  if known then return redis.error_reply('EXISTS the name is taken') end
  local ledger = { uid = uid, J = keys_of(uid), ns = ns, name = name }
  for _, field in ipairs(HOT) do ledger[field] = 0 end
  ledger.indexed, ledger.completions, ledger.limit = tonumber(a[7]), tonumber(a[8]), tonumber(a[9])
  ledger.perIndex, ledger.yields, ledger.replaces, ledger.version = tonumber(a[10]), tonumber(a[11]), tonumber(a[12]), 1
  ledger.external, ledger.spreads = tonumber(a[13]), tonumber(a[15])
  ledger.stride, ledger.priority = tonumber(a[16]), tonumber(a[17])
  if ledger.spreads == 1 then redis.call('SADD', G .. 'spread', uid) end
  ledger.chunks, ledger.pace = tonumber(a[18]), 1
  if a[19] == '1' then ledger.items, ledger.completions = 2, 0 end
  local first = redis.call('ZRANGEBYLEX', G .. 'pods', '[' .. ns .. '/' .. name .. '-', '(' .. ns .. '/' .. name .. '.', 'LIMIT', 0, 1)[1]
  redis.call('HSET', ledger.J .. 'ledger', 'ns', ns, 'name', name, 'prefix', a[5], 'settings', a[6], 'gate', 'new',
    'salt', tonumber(string.sub(redis.sha1hex(uid), 1, 6), 16), 'crowded', first and 1 or 0)
  use_class(ledger, a[14], clock())
  local rv = log_job(ledger, 'A')
  redis.call('HSET', ledger.J .. 'job', 'object', a[4], 'status', '{}', 'rv', rv)
  redis.call('ZADD', G .. 'jobs', 0, path_of(ns, name, uid))
  save_ledger(ledger)
  remind(uid, 0)
  return rv
end
redis.register_function('drover1_create_job', create_job)
