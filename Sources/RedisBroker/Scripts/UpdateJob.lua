-- A user's edit of metadata and spec, or the mark of a deletion that waits for finalizers. Any replica may shut the gate or lower the
-- cap, and it happens here; opening is the leader's. A Job that is being deleted goes with its last finalizer.
-- ARGV  uid, expected resourceVersion, object (JSON), parallelism, suspend (0|1), completions, limit, replaces (R46),
--       deleting (0|1: it has a deletionTimestamp; 2: and no finalizer), what it asks of a node (JSON, '' for nothing),
--       stride, priority (Shares.lua)
-- Reply resourceVersion; errors GONE, CONFLICT
local function update_job(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  -- Also where somebody else has written the very same: two who count up must not both be told that they did.
  if int(ledger.rv) ~= a[2] then return redis.error_reply('CONFLICT the job was modified') end
  if a[9] == '2' then return remove_job(ledger) end
  -- Of items that are pushed there are as many as were pushed.
  local completions, now = ledger.items > 0 and ledger.completions or tonumber(a[6]), clock()
  redis.call('HSET', ledger.J .. 'job', 'object', a[3], 'rv', log_job(ledger, 'M'))
  if completions >= 0 and completions < ledger.completions then shrink(ledger, completions, now) end
  ledger.completions, ledger.limit, ledger.replaces = completions, tonumber(a[7]), tonumber(a[8])
  ledger.permits = math.min(ledger.permits, tonumber(a[4]))
  load_texts(ledger)
  local lets_start = ledger.open == 1 or ledger.gate == 'WorkQueueDraining'
  if a[5] == '1' and lets_start then set_gate(ledger, 'Suspended') end
  if a[9] == '1' and lets_start then set_gate(ledger, 'Deleting') end
  change_turn(ledger, a[10], tonumber(a[11]), tonumber(a[12]), now)
  ledger.version = ledger.version + 1
  save_ledger(ledger)
  remind(ledger.uid, 0)
  return int(ledger.rv)
end
redis.register_function('drover1_update_job', update_job)

-- A client's write of the status: its conditions and counters are what the next decision starts from.
-- ARGV  uid, expected resourceVersion, status (JSON), object (JSON), which differs in its owners alone
-- Reply resourceVersion; errors GONE, CONFLICT
local function update_status(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  if int(ledger.rv) ~= a[2] then return redis.error_reply('CONFLICT the job was modified') end
  if redis.call('HGET', ledger.J .. 'job', 'status') == a[3] then return int(ledger.rv) end
  redis.call('HSET', ledger.J .. 'job', 'object', a[4], 'status', a[3], 'rv', log_job(ledger, 'M'))
  ledger.version = ledger.version + 1
  save_ledger(ledger)
  look_soon(ledger)
  return int(ledger.rv)
end
redis.register_function('drover1_update_status', update_status)
