-- A user's edit of metadata and spec. Any replica may shut the gate or lower the cap, and it happens here; opening is the leader's.
-- ARGV  uid, expected resourceVersion, object (JSON), parallelism, suspend (0|1), completions, limit
-- Reply resourceVersion; errors GONE, CONFLICT
local function update_job(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  if redis.call('HGET', ledger.J .. 'job', 'rv') ~= a[2] then return redis.error_reply('CONFLICT the job was modified') end
  local rv = log('Job', 'M', ledger.ns .. '/' .. ledger.name, ledger.uid)
  redis.call('HSET', ledger.J .. 'job', 'object', a[3], 'rv', rv)
  ledger.permits = math.min(ledger.permits, tonumber(a[4]))
  if a[5] == '1' and ledger.gate == '' then ledger.gate = 'Suspended' end
  ledger.limit = tonumber(a[7])
  ledger.version = ledger.version + 1
  save_ledger(ledger)
  remind(ledger.uid, clock())
  return rv
end
redis.register_function('drover1_update_job', update_job)
