-- Whose turn it is among Jobs with work. Higher priority goes strictly first. Among equals it is the one whose virtual time is least, and a
-- grant moves that on by 10,000 per item, divided by the Job's weight (`stride` is the quotient): so items are shared by weight, whatever
-- the size of chunks. Who joins does so at the virtual time of the one that is next: it starts at once, and what it has not had while it
-- was away is no credit. Where two are equal, one that has had nothing yet goes first (its virtual time is even, the others' odd), then the
-- one that has stood there longer. A Job that is alone is not charged: its virtual time stands still.
-- A list's members are 'virtual time, since when it stands there, uid', scored by -priority.
--   G shares  zset   priority -> virtual time of the last grant
--   sys: listed, listedPlain (how many Jobs stand in all lists, and in that of class ''; read by clock())

-- As it stands in its list: 18 digits, 14 digits, its uid.
local function place_of(ledger) return string.format('%018d %014d ', ledger.vtime, ledger.since) .. ledger.uid end

local function uid_of_place(place) return string.sub(place, 35) end

local function count_listed(list, by)
  listed = redis.call('HINCRBY', SYS, 'listed', by)
  if list == RUNNABLE then listed_plain = redis.call('HINCRBY', SYS, 'listedPlain', by) end
end

-- How many other Jobs with work the caller of a claim may be given.
local function rivals(ledger, a) return (a[8] == '' and listed_plain or listed) - ledger.listed end

local function enlist(ledger, now)
  local list, score = list_of(class_of(ledger)), int(-ledger.priority)
  local start = tonumber(redis.call('ZSCORE', G .. 'shares', int(ledger.priority)) or 0)
  local next = listed > 0 and redis.call('ZRANGEBYSCORE', list, score, score, 'LIMIT', 0, 1)[1]
  if next then start = math.min(start, tonumber(string.sub(next, 1, 18))) end
  ledger.vtime, ledger.since, ledger.listed = math.max(ledger.vtime, start - start % 2), now, 1
  redis.call('ZADD', list, score, place_of(ledger))
  count_listed(list, 1)
end

local function drop_place(list, place)
  if redis.call('ZREM', list, place) == 1 then count_listed(list, -1) end
end

-- Takes the Job off the list that it stands in.
local function unlist(ledger)
  drop_place(list_of(class_of(ledger)), place_of(ledger))
  ledger.listed = 0
end

-- A Job that has nothing to start leaves its list. One that is alone and to which items may yet come keeps its place: it would have to be
-- listed anew for each. Whether it left.
local function step_aside(ledger)
  if ledger.items == 2 and ledger.ended == 0 and ledger.listed == 1 and listed == 1 then return false end
  unlist(ledger)
  return true
end

-- The Job was granted so many items.
local function charge(ledger, items, a)
  local is_alone = rivals(ledger, a) == 0
  if ledger.listed == 0 or is_alone and ledger.vtime % 2 == 1 then return end
  local list = list_of(class_of(ledger))
  redis.call('ZREM', list, place_of(ledger))
  if not is_alone then
    redis.call('ZADD', G .. 'shares', 'GT', int(ledger.vtime), int(ledger.priority))
    ledger.vtime = ledger.vtime + math.max(1, math.floor(items * ledger.stride + 0.5))
  end
  ledger.vtime = ledger.vtime + 1 - ledger.vtime % 2
  redis.call('ZADD', list, int(-ledger.priority), place_of(ledger))
end

-- An edit has changed what the Job asks for of a node, its weight or its priority. The leader's next decision lists it anew.
local function change_turn(ledger, class, stride, priority, now)
  local moves = class_id(class) ~= class_of(ledger)
  if ledger.listed == 1 and (moves or priority ~= ledger.priority) then unlist(ledger) end
  -- Each priority has a virtual time of its own.
  if priority ~= ledger.priority then ledger.vtime = 0 end
  ledger.stride, ledger.priority = stride, priority
  if not moves then return end
  leave_class(ledger, now)
  use_class(ledger, class, now)
end
