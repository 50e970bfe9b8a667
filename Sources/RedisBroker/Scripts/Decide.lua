-- The leader's decision: held -> ready | waiting | failed for good; gate, cap, deadline, back-off; a cut; the status. The script
-- applies fields and knows no policy. Refused if the epoch or the version has moved (I5).
-- ARGV  uid, epoch, version, gate ('' is open), permits, deadline (0: none), notBefore, failures since success, cut ('', U, C),
--       status (JSON, '' leaves it), watermark, next look (0: none), newest success seen (-1: not told),
--       'active terminating succeeded' that must still hold ('': any), ends (1: what is decided late is over), blind (1: nothing counts
--       from here on), stragglers ('3,17'; '-' leaves them), how many events, per event: type, reason, message,
--       then per verdict: token, fate (R|F|D), counted (0|1), notBefore
-- Reply resourceVersion; errors STALE, GONE

-- The failure of an index that will be tried again counts when its replacement starts (R36).
local function set_late(ledger, token, index, counted, now)
  local old = redis.call('HGET', ledger.J .. 'late', int(index))
  if old then
    local number, was = string.match(old, '^(%d+)|(%d)$')
    ledger.lates, ledger.late = ledger.lates - 1, ledger.late - tonumber(was)
    untrack(ledger, number, now)
  end
  redis.call('HSET', ledger.J .. 'late', int(index), token .. '|' .. int(counted))
  ledger.lates, ledger.late = ledger.lates + 1, ledger.late + counted
end

local function apply_verdict(ledger, token, fate, counted, not_before, now)
  if redis.call('ZREM', ledger.J .. 'held', token) == 0 then return end
  local pod = redis.call('HMGET', pod_key(ledger, token), 'index', 'extra')
  local index, is_extra = tonumber(pod[1] or -1), pod[2] == '1'
  ledger.undecided = ledger.undecided - 1
  ledger.failed = ledger.failed + counted
  local is_late = fate == 'R' and index >= 0 and not is_extra and ledger.perIndex == 1 and ledger.yields == 0 and ledger.ended == 0 and ledger.blind == 0
  if is_late then set_late(ledger, token, index, counted, now) else untrack(ledger, token, now) end
  if index < 0 or fate == 'X' or (is_extra and fate ~= 'F') then return end
  if ledger.perIndex == 1 then redis.call('HINCRBY', ledger.J .. (counted == 1 and 'fails' or 'ignores'), int(index), 1) end
  if fate == 'F' then
    local places = is_extra and find_free(ledger, index, index)
    if places then take_free(ledger, index, index, places) end
    ledger.badIndexes = ledger.badIndexes + 1 - redis.call('SETBIT', ledger.J .. 'bad', int(index), 1)
    redis.call('HDEL', ledger.J .. 'fails', int(index))
    redis.call('HDEL', ledger.J .. 'ignores', int(index))
    items.free(ledger, index, index)
  elseif fate == 'R' and not_before > now then
    make_wait(ledger, index, not_before)
  else
    make_ready(ledger, index, index)
  end
end

-- O(1): leases up to the newest token count as deleted from here on; Sweep tells the nodes.
local function apply_cut(ledger, counted)
  if counted and ledger.blind == 0 then ledger.failed = ledger.failed + ledger.active + ledger.kept end
  if ledger.active == 0 then return end
  ledger.terminating = ledger.terminating + ledger.active
  ledger.active, ledger.ready, ledger.restarts = 0, 0, 0
  ledger.cut, ledger.sweep, ledger.scan = newest_token(ledger), 1, 0
end

-- The Job ends, or is deleted: whatever has failed counts now (R36), and what still runs never will again.
local function apply_end(ledger, ends, blind, now)
  if ends == '1' and ledger.ended == 0 then
    ledger.ended, ledger.kept, ledger.sweep, ledger.scan = 1, 0, 1, 0
    leave_class(ledger, now)
    if ledger.spreads == 1 then redis.call('SREM', G .. 'spread', ledger.uid) end
    items.forget(ledger)
  end
  if blind == '1' and ledger.blind == 0 then ledger.blind, ledger.kept, ledger.sweep, ledger.scan = 1, 0, 1, 0 end
  if ledger.ended == 1 or ledger.blind == 1 then ledger.late = 0 end
end

-- A success since the state was read is news to the decision: it ends the back-off (R34).
local function apply_back_off(ledger, not_before, failures, seen, has_verdicts)
  local is_newer = seen >= 0 and ledger.newestSuccess > seen
  if is_newer and ledger.undecided > 0 then return end
  if is_newer then
    ledger.failures, ledger.notBefore = 0, 0
  elseif ledger.failures ~= 0 or ledger.newestSuccess ~= 0 or has_verdicts then
    ledger.failures, ledger.notBefore = failures, not_before
  end
  ledger.newestSuccess = 0
end

local function store_status(ledger, status)
  if status == '' or redis.call('HGET', ledger.J .. 'job', 'status') == status then return end
  redis.call('HSET', ledger.J .. 'job', 'status', status, 'rv', log_job(ledger, 'M'))
end

-- When the leader has to look again.
local function plan(ledger, next_look, now)
  if ledger.open == 1 and ledger.active > ledger.permits then ledger.sweep = 1 end
  if ledger.undecided > 0 or ledger.sweep == 1 then remind(ledger.uid, 0) end
  if next_look > 0 then remind(ledger.uid, next_look) end
  if ledger.waits == 0 then return end
  -- What is due already was offered, or waits for a permit.
  local first = redis.call('ZRANGEBYSCORE', ledger.J .. 'waiting', '(' .. int(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if first[2] then remind(ledger.uid, tonumber(first[2])) end
end

local function decide(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  if int(ledger.version) ~= a[3] then return redis.error_reply('STALE the ledger has moved') end
  if a[14] ~= '' and a[14] ~= table.concat({ int(ledger.active), int(ledger.terminating), int(ledger.done) }, ' ') then
    return redis.error_reply('STALE attempts have started or ended')
  end
  local events = 19 + 3 * tonumber(a[18])
  ledger.is_led = true
  local now, has_verdicts = clock(), #a >= events
  for at = events, #a, 4 do apply_verdict(ledger, a[at], a[at + 1], tonumber(a[at + 2]), tonumber(a[at + 3]), now) end
  if a[9] ~= '' then apply_cut(ledger, a[9] == 'C') end
  apply_end(ledger, a[15], a[16], now)
  if has_verdicts or a[9] ~= '' then ledger.version = ledger.version + 1 end
  set_gate(ledger, a[4])
  ledger.permits, ledger.deadline, ledger.watermark = tonumber(a[5]), tonumber(a[6]), tonumber(a[11])
  if a[17] ~= '-' then redis.call('HSET', ledger.J .. 'ledger', 'stragglers', a[17]) end
  apply_back_off(ledger, tonumber(a[7]), tonumber(a[8]), tonumber(a[13]), has_verdicts)
  store_status(ledger, a[10])
  for at = 19, events - 1, 3 do note(ledger, a[at], a[at + 1], a[at + 2], now) end
  plan(ledger, tonumber(a[12]), now)
  offer(ledger, now)
  save_ledger(ledger)
  return int(ledger.rv)
end
register_always('drover1_decide', decide)
