-- After Redis came back older: an attempt that the ledger doesn't know is taken back if its items are free.

-- Whether an attempt may go on that the ledger doesn't know. One that it has known has ended, and one that a cut would have met may not.
local function may_go_on(ledger, token, first, last)
  if ledger.deleted == 1 or tonumber(token) <= math.max(ledger.cut, ledger.token) then return false end
  load_texts(ledger)
  if ledger.gate ~= '' and ledger.gate ~= 'new' then return false end
  if ledger.completions < 0 then return first < 0 and in_use(ledger) < math.max(ledger.permits, 1) end
  return first >= 0 and last >= first and last < ledger.completions
end

-- A pod that stands Pending again, as it did before the node claimed it, is the node's.
local function bind_back(ledger, node, instance, held, lease, now)
  lease.node, lease.instance, lease.slot = node, instance, held[1]
  write_lease(ledger, held[3], lease)
  ledger.pending = ledger.pending - redis.call('ZREM', ledger.J .. 'pending', held[3])
  touch_pod(ledger, held[3], lease.pod, 'node', node)
  mark_dirty(ledger, now)
  save_ledger(ledger)
end

-- ARGV of a lease in renew: slot, uid, token, first, last, pod, pod uid. Whether it was taken back.
local function take_back(ledger, node, instance, held, now)
  local first, last, token = tonumber(held[4]), tonumber(held[5]), held[3]
  if not may_go_on(ledger, token, first, last) then return false end
  if first >= 0 then
    local places = find_free(ledger, first, last)
    if not places then return false end
    take_free(ledger, first, last, places)
  end
  ledger.active = ledger.active + 1
  write_lease(ledger, token, { node = node, instance = instance, slot = held[1], first = first, last = last, state = 'L', pod = held[6] })
  if held[6] ~= '' then
    make_pod(ledger, token, held[6], first, node, held[7], now, redis.call('HGET', ledger.J .. 'fails', int(first)) or 0)
  end
  mark_dirty(ledger, now)
  save_ledger(ledger)
  return true
end
