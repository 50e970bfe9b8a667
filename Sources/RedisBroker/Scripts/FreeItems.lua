-- Items that stand free - fresh, ready or waiting - and are taken by their index: for attempts that the ledger did not grant.

-- The ready range that holds an index: its text, first and last; nil if there is none.
local function range_around(ledger, index)
  local range = redis.call('ZREVRANGEBYSCORE', ledger.J .. 'ready', int(index), '-inf', 'LIMIT', 0, 1)[1]
  if not range then return nil end
  local first, last = string.match(range, '^(%d+)-(%d+)$')
  if tonumber(last) >= index then return range, tonumber(first), tonumber(last) end
end

-- Where each of the items stands, without touching any; nil if one is not free.
local function find_free(ledger, first, last)
  local places, at = {}, first
  while at <= last do
    if #places == MAX_STEP then return nil end
    local range, from, to = range_around(ledger, at)
    if at >= ledger.cursor then
      places[#places + 1] = { fresh = true }
      return places
    elseif range then
      places[#places + 1] = { range = range, from = from, to = to }
      at = to + 1
    elseif redis.call('ZSCORE', ledger.J .. 'places', int(at)) then
      places[#places + 1] = { waiting = at }
      at = at + 1
    else
      return nil
    end
  end
  return places
end

local function take_free(ledger, first, last, places)
  for _, place in ipairs(places) do
    if place.fresh then
      make_ready(ledger, ledger.cursor, first - 1)
      ledger.cursor = last + 1
    elseif place.waiting then
      take_waiting(ledger, place.waiting)
    else
      take_range(ledger, place.range)
      make_ready(ledger, place.from, first - 1)
      make_ready(ledger, last + 1, place.to)
    end
  end
end

-- Takes an index for an attempt. Reply its items; -1, -1 if the index is none or not free: then the attempt is an extra one.
local function take_index(ledger, token, index)
  local places = index >= 0 and index < ledger.completions and find_free(ledger, index, index)
  if places then take_free(ledger, index, index, places); return index, index end
  ledger.extras = ledger.extras + 1
  redis.call('HSET', pod_key(ledger, token), 'extra', 1)
  return -1, -1
end
