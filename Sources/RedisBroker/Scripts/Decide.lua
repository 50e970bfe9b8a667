-- The leader's decision: held -> ready | waiting | failed for good; gate, cap, deadline, back-off; a cut; the status. The script
-- applies fields and knows no policy. Refused if the epoch or the version has moved (I5).
-- ARGV  uid, epoch, version, gate ('' is open), permits, deadline (0: none), notBefore, failures since success, cut ('', U, C),
--       status (JSON, '' leaves it), watermark, next look (0: none), then per verdict: token, fate (R|F|D), counted (0|1), notBefore
-- Reply resourceVersion; errors STALE, GONE

local function apply_verdict(ledger, token, fate, counted, not_before, now)
  if redis.call('ZREM', ledger.J .. 'held', token) == 0 then return end
  local index = tonumber(redis.call('HGET', pod_key(ledger, token), 'index') or '-1')
  ledger.undecided = ledger.undecided - 1
  ledger.failed = ledger.failed + counted
  if counted == 1 and ledger.perIndex == 1 and index >= 0 then redis.call('HINCRBY', ledger.J .. 'fails', int(index), 1) end
  if index < 0 or fate == 'D' then return end
  if fate == 'F' then
    redis.call('SETBIT', ledger.J .. 'bad', int(index), 1)
    ledger.badIndexes = ledger.badIndexes + 1
  elseif not_before > now then
    redis.call('ZADD', ledger.J .. 'waiting', int(not_before), int(index))
    redis.call('ZADD', ledger.J .. 'places', int(index), int(index))
  else
    make_ready(ledger, index, index)
  end
end

-- O(1): leases up to the newest token count as deleted from here on; Sweep tells the nodes.
local function apply_cut(ledger, counted)
  if ledger.active == 0 then return end
  if counted then ledger.failed = ledger.failed + ledger.active end
  ledger.terminating = ledger.terminating + ledger.active
  ledger.active, ledger.ready, ledger.restarts = 0, 0, 0
  ledger.cut, ledger.sweep = ledger.token, 1
end

local function store_status(ledger, status)
  if status == '' or redis.call('HGET', ledger.J .. 'job', 'status') == status then return end
  redis.call('HSET', ledger.J .. 'job', 'status', status, 'rv', log('Job', 'M', ledger.ns .. '/' .. ledger.name, ledger.uid))
end

local function decide(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  if not ledger then return redis.error_reply('GONE no such job') end
  if int(ledger.version) ~= a[3] then return redis.error_reply('STALE the ledger has moved') end
  local now = clock()
  for at = 13, #a, 4 do apply_verdict(ledger, a[at], a[at + 1], tonumber(a[at + 2]), tonumber(a[at + 3]), now) end
  if a[9] ~= '' then apply_cut(ledger, a[9] == 'C') end
  ledger.gate, ledger.permits, ledger.deadline = a[4], tonumber(a[5]), tonumber(a[6])
  -- A success since the state was read has already cleared the back-off (R34).
  if ledger.failures ~= 0 or ledger.newestSuccess ~= 0 or #a >= 13 then ledger.failures, ledger.notBefore = tonumber(a[8]), tonumber(a[7]) end
  ledger.newestSuccess, ledger.watermark, ledger.dirty = 0, tonumber(a[11]), 0
  ledger.version = ledger.version + (#a >= 13 and 1 or 0)
  store_status(ledger, a[10])
  save_ledger(ledger)
  if a[12] ~= '0' then remind(ledger.uid, tonumber(a[12])) end
  local waiting = redis.call('ZRANGE', ledger.J .. 'waiting', 0, 0, 'WITHSCORES')
  if waiting[2] then remind(ledger.uid, math.max(tonumber(waiting[2]), now + 1)) end
  offer(ledger, now)
  return redis.call('HGET', ledger.J .. 'job', 'rv')
end
redis.register_function('drover1_decide', decide)
