-- fresh | ready | waiting and due -> leased, if the gate is open (I4), a permit is free (I2) and no back-off runs (R33).
-- ARGV  node, instance, slot, sequence, items (the most), pod uid ('' for chunks), job uid ('' for any), classes that the node takes ('a,b'; an empty
--       name, as in ',a', is the class of Jobs that ask for nothing; '' is that one alone), whether the slot takes what is handed out (0|1)
-- Reply 'G', uid, token, first, last, pod name, pod uid, resourceVersion, failures, payloads (see Items.lua)
--    or 'N', time when a back-off ends (0: unknown); error NONODE

local ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

-- Five characters that no other of the Job's next 27^5 attempts gets, and that do not look like a count; a namesake's come in another
-- order.
local function suffix(token, salt)
  local number, text = ((token % 14348907) * 6700417 + salt) % 14348907, ''
  for _ = 1, 5 do
    local digit = number % 27
    text = text .. string.sub(ALPHABET, digit + 1, digit + 1)
    number = math.floor(number / 27)
  end
  return text
end

-- P11: `<job>-<index>-`, the Job's part cut so that the prefix has at most 58 characters.
local function name_pod(ledger, token, index)
  load_texts(ledger)
  local tail = ledger.indexed == 1 and int(index) .. '-' or ''
  local prefix, salt = string.sub(ledger.prefix, 1, 57 - #tail) .. '-' .. tail, ledger.salt
  local name = prefix .. suffix(token, salt)
  -- Pods of an earlier Job of that name may still be there.
  while ledger.crowded and find('pods', ledger.ns, name) do
    salt = salt + 7919
    name = prefix .. suffix(token, salt)
  end
  return name
end

-- Items whose back-off is over become ready.
local function ripen(ledger, now)
  for _, index in ipairs(redis.call('ZRANGEBYSCORE', ledger.J .. 'waiting', '-inf', int(now), 'LIMIT', 0, 64)) do
    take_waiting(ledger, tonumber(index))
    make_ready(ledger, tonumber(index), tonumber(index))
  end
end

-- A waiting index keeps its place: a higher one does not take it (R15).
local function keeps_place(ledger, index)
  if ledger.yields == 1 or ledger.waits == 0 then return false end
  local below = redis.call('ZCOUNT', ledger.J .. 'places', '-inf', '(' .. int(index))
  return in_use(ledger) + below >= ledger.permits
end

-- Takes up to `wanted` items, as many as fit; nil if there are none.
local function take(ledger, wanted, now)
  if ledger.completions < 0 then return -1, -1 end
  if ledger.waits > 0 then ripen(ledger, now) end
  if ledger.ranges > 0 then
    local range = redis.call('ZRANGE', ledger.J .. 'ready', 0, 0)[1]
    local first, last = string.match(range, '^(%d+)-(%d+)$')
    first, last = tonumber(first), tonumber(last)
    if keeps_place(ledger, first) then return nil end
    take_range(ledger, range)
    local taken = math.min(last, first + items.fitting(ledger, first, math.min(wanted, last - first + 1)) - 1)
    make_ready(ledger, taken + 1, last)
    return first, taken
  end
  if ledger.cursor >= ledger.completions or keeps_place(ledger, ledger.cursor) then return nil end
  local first = ledger.cursor
  ledger.cursor = first + items.fitting(ledger, first, math.min(wanted, ledger.completions - first))
  return first, ledger.cursor - 1
end

local function grant_reply(ledger, token, first, last, name, uid, failures)
  return { 'G', ledger.uid, token, int(first), int(last), name, uid, int(ledger.rv), failures, items.read(ledger, first, last) }
end

-- Of the one index that a lease is for (R37); 0 for chunks.
local function counted_failures(ledger, first, last)
  if ledger.perIndex == 0 or first ~= last then return 0 end
  return redis.call('HGET', ledger.J .. 'fails', int(first)) or 0
end

-- The last failure of an index counts when its replacement starts (R36).
local function count_late(ledger, index, now)
  if ledger.lates == 0 then return end
  local entry = redis.call('HGET', ledger.J .. 'late', int(index))
  if not entry then return end
  local token, counted = string.match(entry, '^(%d+)|(%d)$')
  redis.call('HDEL', ledger.J .. 'late', int(index))
  ledger.lates, ledger.late = ledger.lates - 1, ledger.late - tonumber(counted)
  untrack(ledger, token, now)
end

-- Why there is a new pod (R112).
local function tally_pod(ledger)
  if ledger.replaces == 1 and ledger.failed > 0 then return tally('pods.failed') end
  tally(ledger.failed + ledger.terminating > 0 and 'pods.again' or 'pods.new')
end

-- Makes the pod of a new attempt at an item. Reply its token and name.
local function start(ledger, first, node, uid, now)
  local number = next_token(ledger)
  local token, name, failures = int(number), name_pod(ledger, number, first), counted_failures(ledger, first, first)
  ledger.active = ledger.active + 1
  local ignores = ledger.perIndex == 1 and redis.call('HGET', ledger.J .. 'ignores', int(first))
  if ignores then
    make_pod(ledger, token, name, first, node, uid, now, failures, 'ignores', ignores)
  else
    make_pod(ledger, token, name, first, node, uid, now, failures)
  end
  tally_pod(ledger)
  if first >= 0 then count_late(ledger, first, now) end
  note_pod(ledger, 'SuccessfulCreate', 'Created pod: ' .. name, now)
  mark_dirty(ledger, now)
  return token, name, failures
end

local function remember_grant(a, ledger, token)
  tally('claims')
  redis.call('HSET', SLOTS .. a[2], a[3], a[4] .. '|' .. ledger.uid .. '|' .. token .. '|' .. (a.accepted or 1) .. '|0')
end

-- Whether pods that stand Pending may still start (I4): a shut gate keeps them, too, unless their Job has given them up, or they are the
-- last of a work queue (R9).
local function may_adopt(ledger, now)
  if ledger.orphaned == 1 then return true end
  if ledger.deadline > 0 and now >= ledger.deadline then return false end
  if ledger.open == 1 then return true end
  load_texts(ledger)
  return ledger.gate == 'WorkQueueDraining'
end

-- Gives a pod that stands Pending to the worker that asks; nil if there is none. Its uid stays.
local function adopt_pending(ledger, a, now)
  if ledger.pending == 0 or a[6] == '' or not may_adopt(ledger, now) then return nil end
  while true do
    local token = redis.call('ZPOPMIN', ledger.J .. 'pending')[1]
    if not token then ledger.pending = 0; return nil end
    ledger.pending = ledger.pending - 1
    local lease = read_lease(ledger, token)
    if lease and lease.instance == '' and is_live(ledger, token, lease) then
      lease.node, lease.instance, lease.slot = a[1], a[2], a[3]
      ledger.lastToken = 0
      write_lease(ledger, token, lease)
      touch_pod(ledger, token, lease.pod, 'node', a[1])
      remember_grant(a, ledger, token)
      local pod = redis.call('HMGET', pod_key(ledger, token), 'uid', 'failures')
      return grant_reply(ledger, token, lease.first, lease.last, lease.pod, pod[1], pod[2] or 0)
    end
  end
end

-- The classes that the node takes.
local function classes_of(a)
  if not a.classes then a.classes = split(a[8], ',') end
  return a.classes
end

-- Whether the node takes Jobs of this one's class.
local function may_take(ledger, a)
  local class = class_of(ledger)
  if a[8] == class then return true end
  for _, name in ipairs(classes_of(a)) do if name == class then return true end end
  return false
end

-- How many items a lease is for. Of a Job whose items run in chunks: as many as its pace says, and no more than half of an equal share of
-- what is left, so that near the end nobody waits for another's hoard.
local function lease_size(ledger, a)
  local most = math.max(tonumber(a[5]), 1)
  if ledger.chunks == 0 then return a[6] == '' and most or 1 end
  local left = ledger.completions - ledger.done - ledger.badIndexes
  if ledger.extras > 0 then most = math.min(most, MAX_STEP) end
  return math.max(1, math.min(most, ledger.pace, math.ceil(left / (2 * (ledger.active + 1)))))
end

-- Grants from one Job, or nil.
local function grant_alone(ledger, a, now)
  local is_chunk = a[6] == '' or ledger.chunks == 1
  local pending = adopt_pending(ledger, a, now)
  if pending then charge(ledger, 1, a); return pending end
  if ledger.external == 1 or startable(ledger, now) <= 0 then return nil end
  local first, last = take(ledger, lease_size(ledger, a), now)
  if not first then return nil end
  local token, name, failures
  if not is_chunk then
    token, name, failures = start(ledger, first, a[1], a[6], now)
  else
    token, name, failures = int(next_token(ledger)), '', counted_failures(ledger, first, last)
    ledger.active = ledger.active + 1
    mark_dirty(ledger, now)
  end
  write_lease(ledger, token, { node = a[1], instance = a[2], slot = a[3], first = first, last = last, state = 'L', pod = name })
  remember_grant(a, ledger, token)
  charge(ledger, last - first + 1, a)
  return grant_reply(ledger, token, first, last, name, is_chunk and '' or a[6], failures)
end

-- Of a spread Job each attempt changes who may start the next.
local function grant(ledger, a, now)
  if not may_spread(ledger, a[1]) then return nil end
  local reply = grant_alone(ledger, a, now)
  if reply and ledger.spreads == 1 then offer(ledger, now) end
  return reply
end

-- When a Job that could not grant may do so again; 0 if that is not known.
local function next_start(ledger, now)
  if ledger.open == 0 then return 0 end
  if ledger.notBefore > now then return ledger.notBefore end
  return ledger.waits > 0 and tonumber(redis.call('ZRANGE', ledger.J .. 'waiting', 0, 0, 'WITHSCORES')[2]) or 0
end

-- Grants from the Job if it can, else takes it off its list, unless it is there for others. Reply, or nil, when to come again and whether
-- no other Job needs to be tried.
local function try(head, a, now)
  local ledger = load_ledger(head.uid)
  if ledger and not (may_take(ledger, a) and may_spread(ledger, a[1])) then return nil, 0, false end
  local reply = ledger and grant(ledger, a, now)
  if reply then save_ledger(ledger); return reply end
  if not ledger then
    if head.place then drop_place(head.list, head.place) end
    return nil, 0, false
  end
  local left = step_aside(ledger)
  save_ledger(ledger)
  return nil, next_start(ledger, now), not left
end

local function remember_nothing(a, next)
  redis.call('HSET', SLOTS .. a[2], a[3], a[4] .. '||0|' .. (a.accepted or 1) .. '|' .. int(next))
end

local function head_of(list)
  local head = redis.call('ZRANGE', list, 0, 0, 'WITHSCORES')
  if not head[1] then return {} end
  return { list = list, place = head[1], uid = uid_of_place(head[1]), score = tonumber(head[2]) }
end

-- The Job whose turn it is in the lists of the node's classes. `heads` is what is known of them.
local function first_runnable(a, heads)
  if a[8] == '' then
    local place = redis.call('ZRANGE', RUNNABLE, 0, 0)[1]
    return place and { list = RUNNABLE, place = place, uid = uid_of_place(place) } or {}
  end
  local first, first_at = {}, nil
  for at, class in ipairs(classes_of(a)) do
    local head = heads[at] or head_of(list_of(class))
    -- The one that was tried and stays is not for this node: its list waits.
    if head.uid and head.uid == heads.tried then head = {} end
    heads[at] = head
    local is_sooner = head.uid and (not first.uid or head.score < first.score or head.score == first.score and head.place < first.place)
    if is_sooner then first, first_at = head, at end
  end
  if first_at then heads[first_at] = nil end
  heads.tried = first.uid
  return first
end

-- So many slots of a class are remembered; some may be gone.
local MAX_TAKERS = 4096

local function wait_to_be_handed(a, class)
  local key = takers_of(class)
  local is_new = redis.call('ZADD', key, a[4], a[1] .. '|' .. a[2] .. '|' .. a[3] .. '|' .. a[5]) == 1
  if is_new and redis.call('ZCARD', key) > MAX_TAKERS then redis.call('ZPOPMIN', key, 2) end
end

-- Nothing is there for the node: it is told when there is, or its slot is handed it.
local function wait_for_work(a)
  for _, class in ipairs(classes_of(a)) do
    redis.call('ZADD', idle_of(class), 0, a[1])
    if a[9] == '1' then wait_to_be_handed(a, class) end
  end
end

-- Tries the Jobs with work, in turn.
local function grant_any(a, now)
  if a.is_cordoned then
    remember_nothing(a, 0)
    return { 'N', '0' }
  end
  local soonest, heads, named = 0, {}, a[7] ~= ''
  local first = named and { uid = a[7] } or first_runnable(a, heads)
  for _ = 1, 32 do
    if not first.uid then break end
    local reply, next, is_only = try(first, a, now)
    if reply then return reply end
    if next > 0 and (soonest == 0 or next < soonest) then soonest = next end
    first = (named or is_only) and {} or first_runnable(a, heads)
  end
  -- More Jobs than one step looks at: the node comes again.
  if first.uid then tell_node(a[1], 'work') else wait_for_work(a) end
  remember_nothing(a, soonest)
  return { 'N', int(soonest) }
end

local function nothing_yet(a, now)
  remember_nothing(a, now + 1000)
  return { 'N', int(now + 1000) }
end

local SLOT = '^(%-?%d+)|([^|]*)|([^|]*)|([^|]*)|([^|]*)$'

-- The slot's last call, and whether its instance is registered as that node.
local function last_call(a)
  local record = redis.call('HMGET', SLOTS .. a[2], '@', a[3])
  a.is_cordoned = record[1] == a[1] .. '|'
  local registered = a.is_cordoned or record[1] == a[1]
  if not record[2] then return nil, registered end
  local sequence, uid, token, accepted, next = string.match(record[2], SLOT)
  return { sequence = tonumber(sequence), uid = uid, token = token, accepted = tonumber(accepted), next = next }, registered
end

-- The reply to a resend, rebuilt from the lease; nil if this is no resend. What comes late, after newer calls, gets nothing.
local function answer_again(a, last)
  if not last or last.sequence < tonumber(a[4]) then return nil end
  if last.sequence > tonumber(a[4]) then return { 'N', '0' } end
  local ledger = last.token ~= '0' and load_ledger(last.uid)
  local lease = ledger and read_lease(ledger, last.token)
  -- One that was deleted meanwhile does not start any more.
  if not lease or not is_live(ledger, last.token, lease) then return { 'N', last.next } end
  local pod = redis.call('HMGET', pod_key(ledger, last.token), 'name', 'uid')
  local failures = counted_failures(ledger, lease.first, lease.last)
  return grant_reply(ledger, last.token, lease.first, lease.last, pod[1] or '', pod[2] or '', failures)
end

-- A slot has one lease. One that its last call brought, and that this one is not about, is not run any more: a store that came back older
-- would keep it for ever.
local function release_old(a, last, uid, token, now)
  if not last or last.token == '0' or (last.uid == uid and last.token == token) then return end
  end_lease(a[2], last.uid, last.token, 'R', now)
end

local function claim(_, a)
  local last, registered = last_call(a)
  if not registered then return redis.error_reply('NONODE register first') end
  local again = answer_again(a, last)
  if again then return again end
  local now, recovering = clock()
  release_old(a, last, '', '', now)
  return recovering and nothing_yet(a, now) or grant_any(a, now)
end
redis.register_function('drover1_claim', claim)
