-- Job -> gone from the API. Its ledger stays until its attempts have ended and Sweep has collected its pods; those of an orphaned
-- Job (blind, disowned) stay until they are deleted one by one (R91).
local function remove_job(ledger)
  local now = clock()
  log_job(ledger, 'D')
  redis.call('ZREM', G .. 'jobs', path_of(ledger.ns, ledger.name, ledger.uid))
  unlist(ledger)
  redis.call('SADD', G .. 'deleted', ledger.uid)
  set_gate(ledger, 'Deleted')
  ledger.deleted, ledger.sweep, ledger.scan = 1, 1, 0
  if ledger.orphaned == 0 then
    leave_class(ledger, now)
    ledger.cut, ledger.terminating = newest_token(ledger), ledger.terminating + ledger.active
    ledger.active, ledger.ready, ledger.restarts = 0, 0, 0
  end
  ledger.version = ledger.version + 1
  -- Pods that nobody runs yet go on without it.
  if ledger.orphaned == 1 then offer(ledger, now) end
  save_ledger(ledger)
  remind(ledger.uid, 0)
  return int(ledger.rv)
end

-- ARGV  uid
-- Reply 1, or 0 if there is none
local function delete_job(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return 0 end
  remove_job(ledger)
  return 1
end
register_always('drover1_delete_job', delete_job)

-- Gives a Job's pods up, 500 a call: no owner, no tracking, nothing counts any more (R91).
-- ARGV  uid, epoch
-- Reply 1 if there are more, else 0; error STALE
local function orphan(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  if not ledger then return 0 end
  if ledger.orphaned == 0 then ledger.orphaned, ledger.blind, ledger.scan, ledger.version = 1, 1, 0, ledger.version + 1 end
  load_texts(ledger)
  local tokens = redis.call('ZRANGE', ledger.J .. 'pods', int(ledger.scan), int(ledger.scan + MAX_STEP - 1))
  for _, token in ipairs(tokens) do
    local name = redis.call('HGET', pod_key(ledger, token), 'name')
    touch_pod(ledger, token, name, 'counted', 1, 'disowned', 1, 'stray', 1)
    redis.call('SADD', G .. 'strays:' .. ledger.ns, ledger.uid .. ' ' .. token)
  end
  ledger.scan = #tokens < MAX_STEP and 0 or ledger.scan + #tokens
  save_ledger(ledger)
  return #tokens < MAX_STEP and 0 or 1
end
register_always('drover1_orphan', orphan)
