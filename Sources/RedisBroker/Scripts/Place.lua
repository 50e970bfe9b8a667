-- fresh | ready | waiting and due -> leased by nobody yet: pods that stand Pending, for an agent outside or for the worker to come.

-- A uid of a pod's own, made from its Job's and the token before its own.
local function uid_of(uid, token)
  local hex = redis.sha1hex(uid .. '/' .. int(token))
  local parts, at = {}, 1
  for _, length in ipairs({ 8, 4, 4, 4, 12 }) do
    parts[#parts + 1] = string.sub(hex, at, at + length - 1)
    at = at + length
  end
  return table.concat(parts, '-')
end

-- Whether nobody has claimed anything of the Job for a second; if not, the leader comes again then.
local function is_left_alone(ledger, now)
  if ledger.external == 1 then return true end
  if ledger.lastToken ~= ledger.token then ledger.lastToken, ledger.lastClaim = ledger.token, now end
  local due = ledger.lastClaim + 1000
  if due > now then remind(ledger.uid, due) end
  return due <= now
end

-- ARGV  uid, epoch, how many at most
-- Reply how many were placed; error STALE
local function place(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger, count = load_ledger(a[1]), 0
  local now, recovering = clock()
  -- Items that run in chunks have no pods of their own.
  if not ledger or recovering or ledger.chunks == 1 then return 0 end
  for _ = 1, math.min(tonumber(a[3]), MAX_STEP) do
    if startable(ledger, now) <= 0 or count == 0 and not is_left_alone(ledger, now) then break end
    local first = take(ledger, 1, now)
    if not first then break end
    local token, name = start(ledger, first, '', uid_of(ledger.uid, ledger.token), now)
    write_lease(ledger, token, { node = '', instance = '', slot = '', first = first, last = first, state = 'L', pod = name })
    if ledger.external == 0 then
      ledger.pending = ledger.pending + redis.call('ZADD', ledger.J .. 'pending', token, token)
    end
    count = count + 1
  end
  if count > 0 then
    ledger.lastToken = ledger.token
    offer(ledger, now)
  end
  save_ledger(ledger)
  return count
end
redis.register_function('drover1_place', place)
