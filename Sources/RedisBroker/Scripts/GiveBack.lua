-- Items of a chunk that have not begun -> ready again: an item that takes long holds up none of those after it.
-- ARGV  uid, token, instance, how many of its items it keeps, at least 1
-- Reply 1, or 0 if the token is not the instance's (any more)
local function give_back(_, a)
  local ledger = load_ledger(a[1])
  local lease = ledger and read_lease(ledger, a[2])
  if not lease or lease.instance ~= a[3] or lease.pod ~= '' or not is_live(ledger, a[2], lease) then return 0 end
  trim(ledger, lease)
  local last = lease.first + tonumber(a[4]) - 1
  if lease.first < 0 or last >= lease.last then return 1 end
  if not is_cut_off(ledger, lease) then make_ready(ledger, last + 1, lease.last) end
  lease.last = last
  write_lease(ledger, a[2], lease)
  offer(ledger, clock())
  save_ledger(ledger)
  return 1
end
register_always('drover1_give_back', give_back)
