-- Results of items, in the order in which they came. What was read is dropped when the next are asked for.
-- ARGV  uid, number of the first batch that is wanted: those before it go
-- Reply number of the first batch that is there, then at most 64 of them, or one, or as many as 1 MiB holds; error GONE
local function results(_, a)
  local ledger = load_ledger(a[1])
  if not ledger or ledger.deleted == 1 then return redis.error_reply('GONE no such job') end
  local key, was_full = ledger.J .. 'results', ledger.resultBytes >= MAX_RESULT_BYTES
  for _ = 1, math.min(tonumber(a[2]) - ledger.resultBase, MAX_STEP) do
    local batch = redis.call('LPOP', key)
    if not batch then break end
    ledger.resultBase, ledger.resultBytes = ledger.resultBase + 1, ledger.resultBytes - #batch
  end
  if was_full then offer(ledger, clock()) end
  save_ledger(ledger)
  local reply, bytes = { int(ledger.resultBase) }, 0
  for at = 0, 63 do
    local batch = redis.call('LINDEX', key, at)
    if not batch or at > 0 and bytes + #batch > 1048576 then break end
    reply[#reply + 1], bytes = batch, bytes + #batch
  end
  return reply
end
register_always('drover1_results', results)
