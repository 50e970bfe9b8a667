-- Items with payloads. They lie packed in slabs of `slab` items each, until all items of a slab are done or have failed for good.
--   J items    hash    number of the slab -> its items in order, each as its length (7 bits a byte, the lowest first; all but the last byte
--                      have bit 8 set) and its bytes
-- Of a Job with such items `items` is 2 while more may come, then 1; `completions` is how many there are, `bytes` what lies in the slabs.

local items = { MAX_BYTES = 268435456, LEASE_BYTES = 262144 }

-- Where the n-th item begins after the one that begins at `at`; it may be behind the last.
function items.find(slab, n, at)
  for _ = 1, n do
    local size, factor = 0, 1
    while true do
      local byte = string.byte(slab, at)
      at = at + 1
      size = size + byte % 128 * factor
      if byte < 128 then break end
      factor = factor * 128
    end
    at = at + size
  end
  return at
end

-- The payloads of a range, packed as in a slab; '' of a Job without.
function items.read(ledger, first, last)
  if ledger.items == 0 or first < 0 then return '' end
  local size, parts = ledger.slab, {}
  for number = math.floor(first / size), math.floor(last / size) do
    local slab = redis.call('HGET', ledger.J .. 'items', int(number)) or ''
    local from, to = math.max(first - number * size, 0), math.min(last - number * size, size - 1)
    local start = items.find(slab, from, 1)
    local stop = to < size - 1 and items.find(slab, to - from + 1, start) - 1 or -1
    -- A whole slab is not copied: Lua looks for every string that it makes among all those of its hash, which slabs of like items share.
    parts[#parts + 1] = (start > 1 or stop >= 0) and string.sub(slab, start, stop) or slab
  end
  return table.concat(parts)
end

-- How many of the items from `first` on fit in a lease, by the bytes of their slabs, and their number.
function items.fitting(ledger, first, wanted)
  if ledger.items == 0 or wanted == 1 then return wanted end
  local size, bytes, number = ledger.slab, 0, math.floor(first / ledger.slab)
  while number * size < first + wanted do
    bytes = bytes + redis.call('HSTRLEN', ledger.J .. 'items', int(number))
    if bytes > items.LEASE_BYTES or number * size >= first + MAX_STEP * size then return math.max(1, math.min(wanted, number * size - first)) end
    number = number + 1
  end
  return wanted
end

-- Whether nothing of a slab will run again. The last one of a Job to which more may come stays, or what comes would not find its place.
function items.is_over(ledger, number)
  local first, last = number * ledger.slab, math.min((number + 1) * ledger.slab, ledger.completions) - 1
  if ledger.items == 2 and (number + 1) * ledger.slab > ledger.completions then return false end
  local function count(name) return redis.call('BITCOUNT', ledger.J .. name, int(first), int(last), 'BIT') end
  return count('done') + count('bad') > last - first
end

-- Items have ended for good: slabs of which nothing will run again go.
function items.free(ledger, first, last)
  if ledger.items == 0 or first < 0 then return end
  local size, gone = ledger.slab, {}
  for number = math.floor(first / size), math.floor(last / size) do
    if number * size >= first and (number + 1) * size - 1 <= last or items.is_over(ledger, number) then
      ledger.bytes = ledger.bytes - redis.call('HSTRLEN', ledger.J .. 'items', int(number))
      gone[#gone + 1] = int(number)
    end
  end
  if #gone > 0 then redis.call('HDEL', ledger.J .. 'items', unpack(gone)) end
end

-- Keeps what items have come to until it is read (Results).
function items.keep_results(ledger, results)
  if (results or '') == '' then return end
  redis.call('RPUSH', ledger.J .. 'results', results)
  ledger.resultBytes = ledger.resultBytes + #results
end

-- Nothing of the Job will run again.
function items.forget(ledger)
  if ledger.items == 0 then return end
  redis.call('UNLINK', ledger.J .. 'items')
  ledger.bytes = 0
end
