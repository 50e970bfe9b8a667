-- Attempts of a Job that must be spread over domains of nodes. Who is in which domain the leader tells (`spread` of the ledger), a line per
-- constraint: 'maxSkew minDomains node=domain node=domain ...'. Attempts are counted from the leases: nothing is kept that could drift.

-- How many live attempts each node has.
local function attempts_by_node(ledger)
  local counts, leases = {}, redis.call('HGETALL', ledger.J .. 'leases')
  for at = 1, #leases, 2 do
    local node, _, _, _, _, state = string.match(leases[at + 1], LEASE)
    if state == 'L' and tonumber(leases[at]) > ledger.cut then counts[node] = (counts[node] or 0) + 1 end
  end
  return counts
end

local function keeps(line, node, attempts)
  local skew, least, nodes = string.match(line, '^(%d+) (%d+) (.*)$')
  local domains, own, count, fewest = {}, nil, 0, nil
  for name, domain in string.gmatch(nodes, '(%S+)=(%S*)') do
    if not domains[domain] then domains[domain], count = 0, count + 1 end
    domains[domain] = domains[domain] + (attempts[name] or 0)
    if name == node then own = domain end
  end
  for _, number in pairs(domains) do if not fewest or number < fewest then fewest = number end end
  if count < tonumber(least) then fewest = 0 end
  return own and domains[own] + 1 - fewest <= tonumber(skew) or false
end

-- Whether one more attempt on the node keeps the Job spread; not before the leader has told of the domains.
local function may_spread(ledger, node)
  if ledger.spreads == 0 then return true end
  local text = redis.call('HGET', ledger.J .. 'ledger', 'spread')
  if not text then return false end
  local attempts = attempts_by_node(ledger)
  for line in string.gmatch(text, '[^\n]+') do
    if not keeps(line, node, attempts) then return false end
  end
  return true
end

-- The nodes, or their labels, have changed: the leader looks at every Job that is spread.
function spread_anew()
  for _, uid in ipairs(redis.call('SMEMBERS', G .. 'spread')) do remind(uid, 0) end
end

-- ARGV  uid, epoch, lines as above
-- Reply 1 if they are others than before, else 0; error STALE
register_always('drover1_spread', function(_, a)
  if not check_epoch(a[2]) then return redis.error_reply('STALE another leads') end
  local ledger = load_ledger(a[1])
  if not ledger or redis.call('HGET', ledger.J .. 'ledger', 'spread') == a[3] then return 0 end
  redis.call('HSET', ledger.J .. 'ledger', 'spread', a[3])
  offer(ledger, clock())
  save_ledger(ledger)
  return 1
end)
