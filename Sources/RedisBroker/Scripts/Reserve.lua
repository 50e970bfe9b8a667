-- A class whose attempts are too large for what nodes have left gets one node that gives the room to nothing else until one fits.
--   G reserved  hash  class -> node

-- Whether something of the class waits. The first in its list may have nothing just now.
local function is_waited_for(class, now)
  for _, place in ipairs(redis.call('ZRANGE', list_of(class), 0, 7)) do
    local ledger = load_ledger(uid_of_place(place))
    if ledger and (ledger.pending > 0 or startable(ledger, now) > 0) then return true end
  end
  return false
end

-- What is reserved for nobody any more: its node is gone, or nothing of it waits.
local function is_void(class, node, now) return redis.call('SISMEMBER', G .. 'nodes', node) == 0 or not is_waited_for(class, now) end

-- ARGV  node, then the classes that have long been too large for what it has left
-- Reply the one that it is to keep room for, or ''
local function reserve(_, a)
  local asks, held, known, now = {}, nil, redis.call('HGETALL', G .. 'reserved'), clock()
  for at = 2, #a do asks[a[at]] = true end
  for at = 1, #known, 2 do
    local class, node = known[at], known[at + 1]
    if is_void(class, node, now) or node == a[1] and not asks[class] then
      redis.call('HDEL', G .. 'reserved', class)
    elseif node == a[1] then
      held = class
    end
  end
  if held then return held end
  for at = 2, #a do
    if is_waited_for(a[at], now) and redis.call('HSETNX', G .. 'reserved', a[at], a[1]) == 1 then return a[at] end
  end
  return ''
end
register_always('drover1_reserve', reserve)
