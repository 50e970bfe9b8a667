-- Items come to a Job that has them pushed, packed as they will lie (see Items.lua); or no more will come.

-- Whether the slabs take so many bytes more. One push may always go beyond, so that any item fits.
local function is_full(ledger) return ledger.bytes >= items.MAX_BYTES end

local function store(ledger, a, first, now, recovering)
  local number, size = math.floor(first / ledger.slab), ledger.slab
  for at = 7, #a do
    local field, piece = int(number), a[at]
    if at == 7 and first % size > 0 then piece = (redis.call('HGET', ledger.J .. 'items', field) or '') .. piece end
    redis.call('HSET', ledger.J .. 'items', field, piece)
    ledger.bytes = ledger.bytes + #a[at]
    number = number + 1
  end
  ledger.completions = first + tonumber(a[3])
  if not recovering then hand_out(ledger, now) end
  mark_dirty(ledger, now)
  offer(ledger, now)
end

-- Where who pushes beside others has last put items; kept for as long as the call may be made again.
local PUSHER_MILLISECONDS = 60000

local function pusher_key(ledger, who) return ledger.J .. 'pusher:' .. who end

-- Whether the items that stand there are the caller's.
local function has(ledger, a, first, count)
  if first + count > ledger.completions or count == 0 and ledger.items == 2 then return false end
  return count == 0 or a[6] == '' or redis.call('GET', pusher_key(ledger, a[6])) == a[2]
end

-- Appends items. What has been pushed already changes nothing.
-- ARGV  uid, index of the first, how many, items per slab, whether these are the last (0|1), who pushes ('': nobody else does), then per slab
--       that they reach into its items; of the first slab those that are not there yet
-- Reply how many the Job has, its items per slab, and 'OK', or why nothing was taken: 'HAD' (it has as many), 'GAP' (the first index is not
--       the next one, or the slabs have another size), 'FULL' (try later), 'CLOSED', 'ENDED'; error GONE
local function push(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  local first, count = tonumber(a[2]), tonumber(a[3])
  local now, recovering = clock()
  local function answer(text) return { int(ledger.completions), int(ledger.slab), text } end
  if ledger.items == 0 then return redis.error_reply('UNUSABLE the job takes no items: it lacks the annotation drover.dev/items') end
  if has(ledger, a, first, count) then return answer('HAD') end
  if ledger.ended == 1 then return answer('ENDED') end
  if ledger.items == 1 then return answer('CLOSED') end
  if first ~= ledger.completions then return answer('GAP') end
  if count > 0 then
    if ledger.slab == 0 then ledger.slab = tonumber(a[4]) end
    if ledger.slab ~= tonumber(a[4]) then return answer('GAP') end
    if is_full(ledger) then return answer('FULL') end
    store(ledger, a, first, now, recovering)
    if a[6] ~= '' then redis.call('SET', pusher_key(ledger, a[6]), a[2], 'PX', PUSHER_MILLISECONDS) end
  end
  if a[5] == '1' then
    ledger.items = 1
    look_soon(ledger)
  end
  save_ledger(ledger)
  return answer('OK')
end
redis.register_function('drover1_push', push)
