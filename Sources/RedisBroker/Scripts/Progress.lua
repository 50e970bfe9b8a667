-- An attempt's container runs, or was restarted in place (P3). Restarts add up over the live attempts; at backoffLimit the leader
-- is woken (R32).
-- ARGV  uid, token, instance, started ms ago (-1: its containers don't run yet), restarts, running (0|1), last exit code ('' if none),
--       states of its containers (none: nothing is told of them; '-': those that were told hold no more)
-- Reply 1, or 0 if the token is not the instance's
local function progress(_, a)
  local ledger = load_ledger(a[1])
  local uid, token = moved(ledger, a[2])
  if uid then ledger, a[1], a[2] = load_ledger(uid), uid, token end
  local lease = ledger and read_lease(ledger, a[2])
  if not lease or lease.instance ~= a[3] then return 0 end
  if lease.pod == '' then return 1 end
  local now = clock()
  local pod = redis.call('HMGET', pod_key(ledger, a[2]), 'running', 'restarts')
  if is_live(ledger, a[2], lease) then
    if tonumber(a[4]) >= 0 then ledger.ready = ledger.ready + tonumber(a[6]) - tonumber(pod[1] or 0) end
    ledger.restarts = ledger.restarts + tonumber(a[5]) - tonumber(pod[2] or 0)
    if ledger.restarts > 0 and ledger.restarts >= ledger.limit then remind(ledger.uid, 0) end
    mark_dirty(ledger, now)
    save_ledger(ledger)
  end
  local fields = { 'restarts', a[5] }
  if tonumber(a[4]) >= 0 then
    local started = int(now - tonumber(a[4]))
    fields = { 'phase', 'Running', 'running', a[6], 'restarts', a[5], 'started', started, 'exit', a[7], 'readied', a[6] == '1' and started or '' }
  end
  add_states(fields, a[8], now)
  touch_pod(ledger, a[2], lease.pod, unpack(fields))
  return 1
end
register_always('drover1_progress', progress)
