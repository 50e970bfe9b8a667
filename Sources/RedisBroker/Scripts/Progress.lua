-- An attempt's container runs, or was restarted in place (P3). Restarts add up over the live attempts; at backoffLimit the leader
-- is woken (R32).
-- ARGV  uid, token, instance, started ms ago, restarts, running (0|1), last exit code ('' if none)
-- Reply 1, or 0 if the token is not the instance's
local function progress(_, a)
  local ledger = load_ledger(a[1])
  local lease = ledger and redis.call('HGET', ledger.J .. 'leases', a[2])
  if not lease or split(lease, '|')[2] ~= a[3] then return 0 end
  local now = clock()
  local pod = redis.call('HMGET', pod_key(ledger, a[2]), 'running', 'restarts', 'phase')
  if split(lease, '|')[6] == 'L' and tonumber(a[2]) > ledger.cut then
    ledger.ready = ledger.ready + tonumber(a[6]) - tonumber(pod[1] or '0')
    ledger.restarts = ledger.restarts + tonumber(a[5]) - tonumber(pod[2] or '0')
    if ledger.restarts > 0 and ledger.restarts >= ledger.limit then remind(ledger.uid, 0) else mark_dirty(ledger, now) end
    save_ledger(ledger)
  end
  touch_pod(ledger, a[2], 'phase', 'Running', 'running', a[6], 'restarts', a[5], 'started', int(now - tonumber(a[4])), 'exit', a[7])
  return 1
end
redis.register_function('drover1_progress', progress)
