-- A lease for a slot that waits for work, sent with the news: the answer to the call that the slot makes next. If the news is lost, that call
-- gets the same answer (see answer_again), and a heartbeat that does not know of it has the slot make it (see Renew.lua).
--   G takers:C  zset  'node|instance|slot|most items' by the number of the call that brought nothing

local TAKER = '^([^|]*)|([^|]*)|([^|]*)|([^|]*)$'

-- A claim in the name of a slot that still waits; nil if there is none.
local function next_taker(ledger)
  local class = class_of(ledger)
  for _ = 1, 16 do
    local found = redis.call('ZPOPMIN', takers_of(class))
    if not found[1] then return nil end
    local node, instance, slot, most = string.match(found[1], TAKER)
    local a = { node, instance, slot, int(found[2] + 1), most, '', '', class, '1' }
    local last, registered = last_call(a)
    if registered and not a.is_cordoned and last and last.token == '0' and last.sequence == tonumber(found[2]) then return a end
  end
end

-- Hands out a chunk of the Job, if it is the only one with work.
local function hand_out(ledger, now)
  if ledger.chunks == 0 or ledger.external == 1 or listed > ledger.listed or startable(ledger, now) <= 0 then return end
  local a = next_taker(ledger)
  local reply = a and grant(ledger, a, now)
  if not reply then return end
  local payloads = reply[10]
  tell_node(a[1], table.concat({ 'grant', a[3], a[4], reply[2], reply[3], reply[4], reply[5], reply[8], reply[9], payloads }, '|'))
end
