-- Events about objects: equal ones are folded, each is kept for an hour after its last time, 100,000 at most.
-- Among the ages an event that is noted here stands by its id, one that a client has posted (see Objects.lua) by its 'namespace/name'.

local MAX_EVENTS, EVENT_MILLISECONDS = 100000, 3600000

-- Takes an event out of all indexes. Reply its 'namespace/name id'; or nothing if it is none of those noted here
local function take_event(id)
  redis.call('ZREM', G .. 'eventAges', id)
  local event = redis.call('HMGET', G .. 'event:' .. id, 'ns', 'name')
  if not event[1] then return nil end
  local path = path_of(event[1], event[2], id)
  redis.call('ZREM', G .. 'events', path)
  redis.call('DEL', G .. 'event:' .. id)
  return path
end

local function drop_events(count)
  for _, id in ipairs(redis.call('ZRANGE', G .. 'eventAges', 0, count - 1)) do
    local path = take_event(id)
    if path then
      log('Event', 'D', path, id)
    elseif redis.call('DEL', G .. 'object:events:' .. id) == 1 then
      redis.call('ZREM', G .. 'objects:events', id)
      log('events', 'D', id, '')
    end
  end
end

local function trim_events(now)
  local count = math.max(redis.call('ZCARD', G .. 'eventAges') - MAX_EVENTS, 0)
  local old = redis.call('ZCOUNT', G .. 'eventAges', '-inf', '(' .. int(now - EVENT_MILLISECONDS))
  count = math.max(count, math.min(old, 2))
  if count > 0 then drop_events(math.min(count, MAX_STEP)) end
end

-- Notes that something happened to a Job, or to what stands for one (`about` says which kind of object).
local function note(ledger, kind, reason, message, now)
  load_texts(ledger)
  local id = string.sub(redis.sha1hex(ledger.uid .. '|' .. kind .. '|' .. reason .. '|' .. message), 1, 16)
  local key, path = G .. 'event:' .. id, ledger.ns .. '/' .. ledger.name .. '.' .. id
  local count = redis.call('HINCRBY', key, 'count', 1)
  if count == 1 then
    redis.call('HSET', key, 'ns', ledger.ns, 'name', ledger.name .. '.' .. id, 'object', ledger.name, 'uid', ledger.uid, 'type', kind,
      'reason', reason, 'message', message, 'first', int(now), 'about', ledger.about or 'Job')
    redis.call('ZADD', G .. 'events', 0, path_of(ledger.ns, ledger.name .. '.' .. id, id))
  end
  redis.call('ZADD', G .. 'eventAges', int(now), id)
  redis.call('HSET', key, 'last', int(now), 'rv', int(log('Event', count == 1 and 'A' or 'M', path, id)))
  trim_events(now)
end

-- About a pod of a Job; past 25 of them only every 64th is noted, as a real recorder drops bursts.
local function note_pod(ledger, reason, message, now)
  ledger.noted = ledger.noted + 1
  if ledger.noted <= 25 or ledger.noted % 64 == 0 then note(ledger, 'Normal', reason, message, now) end
end

local function append_event(id, reply)
  local event = redis.call('HGETALL', G .. 'event:' .. id)
  reply[#reply + 1] = int(#event)
  for _, value in ipairs(event) do reply[#reply + 1] = value end
end

-- ARGV namespace, name. Reply the number of its fields and its fields; or nothing
register_reading('drover1_event', function(_, a)
  local reply, id = {}, find('events', a[1], a[2])
  if id then append_event(id, reply) end
  return reply
end)

-- ARGV namespace ('' for all), place to go on from ('' for the start), limit.
-- Reply the place to go on from ('': the end), then per event as above
register_reading('drover1_events', function(_, a)
  local from = a[2] ~= '' and '(' .. a[2] or a[1] ~= '' and '[' .. a[1] .. '/' or '-'
  local paths = redis.call('ZRANGEBYLEX', G .. 'events', from, a[1] ~= '' and '(' .. a[1] .. '0' or '+', 'LIMIT', 0, tonumber(a[3]))
  local reply = { #paths == tonumber(a[3]) and paths[#paths] or '' }
  for _, path in ipairs(paths) do append_event(string.match(path, '%S+$'), reply) end
  return reply
end)
