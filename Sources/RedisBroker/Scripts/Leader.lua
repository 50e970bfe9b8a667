-- The one leader: election and agenda.

-- As which object the leadership is shown.
local LEASE = 'kube-system/drover'

-- ARGV  instance, address, renewal number of a leader seen dead ('' if none)
-- Reply instance, address, epoch, renewal, acquired, version, of who leads now
local function elect(_, a)
  local sys, now = SYS, clock()
  local leader = redis.call('HMGET', sys, 'leader', 'renewal')
  local is_vacant = not leader[1] or leader[1] == ''
  local is_free = is_vacant or (a[3] ~= '' and leader[2] == a[3])
  if leader[1] ~= a[1] and is_free then
    redis.call('HINCRBY', sys, 'epoch', 1)
    redis.call('HSET', sys, 'leader', a[1], 'address', a[2], 'acquired', int(now))
    leader[1] = a[1]
  end
  if leader[1] == a[1] then
    redis.call('HINCRBY', sys, 'renewal', 1)
    redis.call('HSET', sys, 'clock', int(now), 'lease', int(log('Lease', is_vacant and 'A' or 'M', LEASE, '')))
    trim_log(tonumber(redis.call('GET', G .. 'rv') or 0))
  end
  return redis.call('HMGET', sys, 'leader', 'address', 'epoch', 'renewal', 'acquired', 'lease')
end
register_always('drover1_elect', elect)

-- ARGV  instance
local function resign(_, a)
  if redis.call('HGET', SYS, 'leader') ~= a[1] then return 0 end
  redis.call('HSET', SYS, 'leader', '')
  log('Lease', 'D', LEASE, '')
  wake_leader()
  return 1
end
register_always('drover1_resign', resign)

-- Every Job, also those being collected, for a leader that knows nothing.
local function remind_of_all()
  for _, path in ipairs(redis.call('ZRANGE', G .. 'jobs', 0, -1)) do
    redis.call('ZADD', G .. 'due', 'LT', 0, string.match(path, '%S+$'))
  end
  for _, uid in ipairs(redis.call('SMEMBERS', G .. 'deleted')) do redis.call('ZADD', G .. 'due', 'LT', 0, uid) end
end

-- Takes Jobs that are due off the agenda.
-- ARGV  limit, rebuild (1: put every Job on it first, for a new leader), epoch
-- Reply now, time of the next (0: none), then uids; error STALE
local function agenda(_, a)
  if not check_epoch(a[3]) then return redis.error_reply('STALE another leads') end
  local now = clock()
  if a[2] == '1' then remind_of_all() end
  local uids = redis.call('ZRANGEBYSCORE', G .. 'due', '-inf', int(now), 'LIMIT', 0, math.min(tonumber(a[1]), MAX_STEP))
  if #uids > 0 then redis.call('ZREM', G .. 'due', unpack(uids)) end
  redis.call('DEL', G .. 'wake:leader')
  local next = redis.call('ZRANGE', G .. 'due', 0, 0, 'WITHSCORES')
  return { int(now), next[2] and int(math.max(tonumber(next[2]), 1)) or '0', unpack(uids) }
end
register_always('drover1_agenda', agenda)

-- ARGV  uid, time
local function remind_of(_, a)
  if redis.call('EXISTS', keys_of(a[1]) .. 'ledger') == 1 then remind(a[1], tonumber(a[2])) end
  return 1
end
register_always('drover1_remind', remind_of)
