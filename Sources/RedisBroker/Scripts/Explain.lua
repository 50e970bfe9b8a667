-- Why nobody runs the pods that stand Pending: shown by them, and as an event about each of the first.
local MAX_TOLD = 25

-- ARGV  uid, epoch, why ('': somebody may), when the leader is to look again (ms from now), about the Job itself (0|1), whose pods are
--       not stored
-- Reply how many pods show something else now; error STALE
local function explain(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  local is_about_job = a[5] == '1'
  if not ledger or ledger.pending == 0 and not is_about_job then return 0 end
  load_texts(ledger)
  local now, count = clock(), 0
  if is_about_job and a[3] ~= '' then note(ledger, 'Warning', 'FailedScheduling', a[3], now) end
  for _, token in ipairs(redis.call('ZRANGE', ledger.J .. 'pending', 0, MAX_STEP - 1)) do
    local pod = redis.call('HMGET', pod_key(ledger, token), 'name', 'waits', 'uid')
    if pod[1] and (pod[2] or '') ~= a[3] then
      count = count + 1
      touch_pod(ledger, token, pod[1], 'waits', a[3])
      local about = { about = 'Pod', salt = 0, ns = ledger.ns, name = pod[1], uid = pod[3] }
      if a[3] ~= '' and count <= MAX_TOLD then note(about, 'Warning', 'FailedScheduling', a[3], now) end
    end
  end
  remind(ledger.uid, now + tonumber(a[4]))
  save_ledger(ledger)
  return count
end
register_always('drover1_explain', explain)
