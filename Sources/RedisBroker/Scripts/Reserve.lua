-- A class whose attempts are too large for what nodes have left gets one node that gives the room to nothing else until one fits.
--   G reserved  hash  class -> node

-- What is reserved for nobody any more: its node is gone, or nothing of it waits.
local function is_void(class, node)
  return redis.call('SISMEMBER', G .. 'nodes', node) == 0 or redis.call('EXISTS', list_of(class)) == 0
end

-- ARGV  node, then the classes that have long been too large for what it has left
-- Reply the one that it is to keep room for, or ''
local function reserve(_, a)
  local asks, held, known = {}, nil, redis.call('HGETALL', G .. 'reserved')
  for at = 2, #a do asks[a[at]] = true end
  for at = 1, #known, 2 do
    local class, node = known[at], known[at + 1]
    if is_void(class, node) or node == a[1] and not asks[class] then
      redis.call('HDEL', G .. 'reserved', class)
    elseif node == a[1] then
      held = class
    end
  end
  if held then return held end
  for at = 2, #a do
    if redis.call('EXISTS', list_of(a[at])) == 1 and redis.call('HSETNX', G .. 'reserved', a[at], a[1]) == 1 then return a[at] end
  end
  return ''
end
register_always('drover1_reserve', reserve)
