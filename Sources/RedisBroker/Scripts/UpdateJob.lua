-- A user's edit of metadata and spec. Any replica may shut the gate or lower the cap, and it happens here; opening is the leader's.
-- ARGV  uid, expected resourceVersion, object (JSON), parallelism, suspend (0|1), completions, limit, replaces (R46)
-- Reply resourceVersion; errors GONE, CONFLICT, UNUSABLE (completions lowered below what has been handed out)
local function update_job(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  if int(ledger.rv) ~= a[2] then
    -- A resend finds its own edit.
    if redis.call('HGET', ledger.J .. 'job', 'object') == a[3] then return int(ledger.rv) end
    return redis.error_reply('CONFLICT the job was modified')
  end
  local completions = tonumber(a[6])
  if completions ~= ledger.completions and completions < ledger.cursor then
    return redis.error_reply('UNUSABLE completions can not be lowered to ' .. a[6] .. ': index ' .. int(ledger.cursor - 1) .. ' has started')
  end
  redis.call('HSET', ledger.J .. 'job', 'object', a[3], 'rv', log_job(ledger, 'M'))
  ledger.completions, ledger.limit, ledger.replaces = completions, tonumber(a[7]), tonumber(a[8])
  ledger.permits = math.min(ledger.permits, tonumber(a[4]))
  if a[5] == '1' and ledger.open == 1 then set_gate(ledger, 'Suspended') end
  ledger.version = ledger.version + 1
  save_ledger(ledger)
  remind(ledger.uid, 0)
  return int(ledger.rv)
end
redis.register_function('drover1_update_job', update_job)
