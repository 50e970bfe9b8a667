-- Objects that are only kept, and the log of changes as watches read it.
--   G objects:R  zset of 'namespace/name' of resource R in order;  G object:R:namespace/name  hash value (JSON), rv

local function object_key(resource, ns, name) return G .. 'object:' .. resource .. ':' .. ns .. '/' .. name end

-- An event that is noted by the store itself, for a client to change or delete. Reply its id and version; or nothing
local function noted_event(resource, ns, name)
  local id = resource == 'events' and find('events', ns, name)
  if not id then return nil end
  return id, redis.call('HGET', G .. 'event:' .. id, 'rv')
end

-- Puts a changed event in the place of the noted one that it was made from. Reply whether it did
local function take_over(a)
  local id, rv = noted_event(a[1], a[2], a[3])
  if not id or rv ~= a[5] then return false end
  take_event(id)
  return true
end

-- ARGV resource, namespace, name, value (JSON), version that it replaces ('' for a new one), uid
-- Reply its version; errors EXISTS, GONE, CONFLICT
redis.register_function('drover1_put_object', function(_, a)
  local key = object_key(a[1], a[2], a[3])
  local known = redis.call('HMGET', key, 'rv', 'value')
  if a[5] == '' and known[1] then
    -- A resend finds its own object.
    if known[2] == a[4] then return known[1] end
    return redis.error_reply('EXISTS the name is taken')
  end
  if a[5] == '' and noted_event(a[1], a[2], a[3]) then return redis.error_reply('EXISTS the name is taken') end
  if a[5] ~= '' and not known[1] and take_over(a) then known[1] = a[5] end
  if a[5] ~= '' and not known[1] then return redis.error_reply('GONE no such object') end
  if a[5] ~= '' and known[1] ~= a[5] then return redis.error_reply('CONFLICT the object was modified') end
  local rv = int(log(a[1], known[1] and 'M' or 'A', a[2] .. '/' .. a[3], a[6]))
  redis.call('HSET', key, 'value', a[4], 'rv', rv)
  redis.call('ZADD', G .. 'objects:' .. a[1], 0, a[2] .. '/' .. a[3])
  -- What is written about a node decides what it may run.
  if a[1] == 'nodes' then
    tell_node(a[3], 'classes')
    spread_anew()
  end
  if a[1] == 'events' then
    local now = clock()
    redis.call('ZADD', G .. 'eventAges', int(now), a[2] .. '/' .. a[3])
    trim_events(now)
  end
  return rv
end)

-- ARGV resource, namespace, name, version ('' for any), uid. Reply 1; errors GONE, CONFLICT
register_always('drover1_remove_object', function(_, a)
  local key = object_key(a[1], a[2], a[3])
  local rv = redis.call('HGET', key, 'rv')
  local id, noted
  if not rv then id, noted = noted_event(a[1], a[2], a[3]) end
  if not rv and not noted then return redis.error_reply('GONE no such object') end
  if a[4] ~= '' and (rv or noted) ~= a[4] then return redis.error_reply('CONFLICT the object was modified') end
  redis.call('DEL', key)
  redis.call('ZREM', G .. 'objects:' .. a[1], a[2] .. '/' .. a[3])
  if a[1] == 'events' then take_event(id or a[2] .. '/' .. a[3]) end
  log(a[1], 'D', a[2] .. '/' .. a[3], a[5])
  return 1
end)

-- ARGV resource, namespace, name. Reply value, version; or nothing
register_reading('drover1_object', function(_, a)
  local known = redis.call('HMGET', object_key(a[1], a[2], a[3]), 'value', 'rv')
  return known[1] and known or {}
end)

-- ARGV resource, namespace ('' for all), place to go on from ('' for the start), limit
-- Reply the newest version, the place to go on from ('': the end), then per object its 'namespace/name', value, version
register_reading('drover1_objects', function(_, a)
  local from = a[3] ~= '' and '(' .. a[3] or a[2] ~= '' and '[' .. a[2] .. '/' or '-'
  local paths = redis.call('ZRANGEBYLEX', G .. 'objects:' .. a[1], from, a[2] ~= '' and '(' .. a[2] .. '0' or '+', 'LIMIT', 0, tonumber(a[4]))
  local reply = { redis.call('GET', G .. 'rv') or '0', #paths == tonumber(a[4]) and paths[#paths] or '' }
  for _, path in ipairs(paths) do
    local known = redis.call('HMGET', G .. 'object:' .. a[1] .. ':' .. path, 'value', 'rv')
    if known[1] then
      reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = path, known[1], known[2]
    end
  end
  return reply
end)

-- A cordoned node claims nothing. ARGV node, cordoned (0|1). Reply 1
register_always('drover1_cordon', function(_, a)
  local node = redis.call('HMGET', G .. 'node:' .. a[1], 'instance', 'lost')
  if not node[1] then return 0 end
  redis.call('HSET', G .. 'node:' .. a[1], 'cordoned', a[2])
  if node[2] ~= '1' then redis.call('HSET', SLOTS .. node[1], '@', a[1] .. (a[2] == '1' and '|' or '')) end
  if a[2] == '0' then tell_node(a[1], 'work') end
  return 1
end)

-- ARGV version, limit. Reply the newest version, whether the log reaches back to it (0|1), then per change after it: version, kind,
-- operation, 'namespace/name', uid
register_reading('drover1_changes', function(_, a)
  local newest, after = redis.call('GET', G .. 'rv') or '0', tonumber(a[1])
  local first = redis.call('XRANGE', G .. 'log', '-', '+', 'COUNT', 1)[1]
  local floor = first and tonumber(string.match(first[1], '^%d+')) - 1 or tonumber(newest)
  if after < floor then return { newest, 0 } end
  local reply = { newest, 1 }
  for _, entry in ipairs(redis.call('XRANGE', G .. 'log', '(' .. int(after) .. '-0', '+', 'COUNT', tonumber(a[2]))) do
    local f = {}
    for at = 1, #entry[2], 2 do f[entry[2][at]] = entry[2][at + 1] end
    for _, value in ipairs({ string.match(entry[1], '^%d+'), f.k or '', f.o or '', f.n or '', f.u or '' }) do reply[#reply + 1] = value end
  end
  return reply
end)
