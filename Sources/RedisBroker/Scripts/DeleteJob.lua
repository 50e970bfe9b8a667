-- Job -> gone from the API (R91 Background). Its ledger stays until its attempts have ended and Sweep has collected its pods.
-- ARGV  uid
-- Reply 1, or 0 if there is none
local function delete_job(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return 0 end
  log_job(ledger, 'D')
  redis.call('ZREM', G .. 'jobs', path_of(ledger.ns, ledger.name, ledger.uid))
  redis.call('ZREM', RUNNABLE, ledger.uid)
  redis.call('SADD', G .. 'deleted', ledger.uid)
  set_gate(ledger, 'Deleted')
  ledger.deleted, ledger.listed, ledger.sweep, ledger.scan, ledger.cut = 1, 0, 1, 0, ledger.token
  ledger.terminating = ledger.terminating + ledger.active
  ledger.active, ledger.ready, ledger.restarts = 0, 0, 0
  ledger.version = ledger.version + 1
  save_ledger(ledger)
  remind(ledger.uid, 0)
  return 1
end
register_always('drover1_delete_job', delete_job)
