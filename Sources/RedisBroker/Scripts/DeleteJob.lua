-- Job -> gone from the API (R91 Background). Its ledger stays until its attempts have ended and Sweep has collected its pods.
-- ARGV  uid
-- Reply 1, or 0 if there is none
local function delete_job(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return 0 end
  redis.call('ZREM', G .. 'jobs', ledger.ns .. '/' .. ledger.name .. '/' .. ledger.uid)
  redis.call('ZREM', G .. 'runnable', ledger.uid)
  ledger.deleted, ledger.gate, ledger.sweep, ledger.cut = 1, 'Deleted', 1, ledger.token
  ledger.terminating, ledger.active = ledger.terminating + ledger.active, 0
  ledger.version = ledger.version + 1
  save_ledger(ledger)
  log('Job', 'D', ledger.ns .. '/' .. ledger.name, ledger.uid)
  remind(ledger.uid, clock())
  return 1
end
redis.register_function('drover1_delete_job', delete_job)
