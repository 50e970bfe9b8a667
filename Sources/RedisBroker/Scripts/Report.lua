-- How an attempt ended; fenced by the token, and a resend changes nothing (I3, I5). May claim again in the same call.
-- ARGV  1-9 as Claim, 10 uid, 11 token, 12 result (S|F|R), 13 exit code, 14 reason, 15 message, 16 restarts,
--       17 started ms ago (-1: never), 18 finished ms ago, 19 disruption, 20 tail, 21 exceptions ('3,17'; failed items of a chunk),
--       22 whose exit code it is ('': the first container's), 23 states of its containers, as in Progress ('': none are told),
--       24 how many items of a chunk were run ('': all; the others start again), 25 how many make about 100 ms of work (0: not known),
--       26 results (kept as they are), then exit code and message of each exception ('': as 13 and 15)
-- Reply accepted (0|1), then Claim's reply if it claimed

-- Exit code and message of each exception that has its own, by index.
local function exception_details(a)
  local details, at = {}, 27
  if #a < at then return details end
  for index in string.gmatch(a[21], '%d+') do
    details[tonumber(index)] = { exit = a[at], message = a[at + 1] }
    at = at + 2
  end
  return details
end

local function report_fields(a)
  return { instance = a[2], result = a[12], exit = a[13], reason = a[14], message = a[15], restarts = tonumber(a[16]),
    startedAgo = tonumber(a[17]), finishedAgo = tonumber(a[18]), disruption = a[19], tail = a[20], exceptions = a[21],
    container = a[22], states = (a[23] or '') ~= '' and a[23] or nil, ran = tonumber(a[24]), pace = tonumber(a[25]), results = a[26],
    details = exception_details(a) }
end

local RESULTS = { S = 'succeeded', F = 'failed', R = 'released' }

-- The reported Job's own next item, without a look at the lists: where no other could be next.
local function grant_next(ledger, a, now)
  local is_next = a[7] == '' and rivals(ledger, a) == 0 or a[7] == ledger.uid
  if is_next and may_take(ledger, a) and not a.is_cordoned then return grant(ledger, a, now) end
end

-- The attempt has gone to another Job.
local function report_moved(home, a, now)
  local uid, token = moved(home, a[11])
  local ledger = uid and load_ledger(uid)
  if not ledger or not settle(ledger, token, report_fields(a), now) then return false end
  redis.call('HDEL', home.J .. 'leases', a[11])
  offer(ledger, now)
  save_ledger(ledger)
  return true
end

local function claim_any(a, recovering, now) return recovering and nothing_yet(a, now) or grant_any(a, now) end

local function report_new(a, claims, last)
  local now, recovering = clock()
  release_old(a, last, a[10], a[11], now)
  local ledger, reply = load_ledger(a[10]), nil
  a.accepted = ledger and settle(ledger, a[11], report_fields(a), now) and 1 or 0
  if a.accepted == 0 and report_moved(ledger, a, now) then a.accepted = 1 end
  if a.accepted == 1 then tally(RESULTS[a[12]]) end
  if ledger then
    reply = claims and not recovering and grant_next(ledger, a, now)
    local count = a.accepted == 1 and not (reply and a[12] == 'S') and show(ledger, now) or 0
    save_ledger(ledger)
    if claims and not reply then reply = claim_any(a, recovering, now) end
    -- A success whose slot goes on with the Job frees nothing for others.
    if not (reply and reply[2] == ledger.uid and a[12] == 'S') then wake(ledger, count) end
  end
  if not reply and claims then reply = claim_any(a, recovering, now) end
  if not claims then remember_nothing(a, 0) end
  return reply
end

local function report_and_maybe_claim(a, claims)
  local last, registered = last_call(a)
  local reply = answer_again(a, last)
  if reply then
    a.accepted = last.sequence == tonumber(a[4]) and last.accepted or 0
  elseif registered then
    reply = report_new(a, claims, last)
  else
    -- The node is being given up: its attempts are ended by who does that.
    a.accepted, reply = 0, { 'N', '0' }
  end
  return claims and { a.accepted, unpack(reply) } or { a.accepted }
end

register_always('drover1_report', function(_, a) return report_and_maybe_claim(a, false) end)
-- Not when memory is out: a lease takes memory. The caller then reports without a claim, by the same sequence.
redis.register_function('drover1_report_and_claim', function(_, a) return report_and_maybe_claim(a, true) end)
