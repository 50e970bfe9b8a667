-- What the whole store holds and has done, for monitoring: a page of Jobs at a time.
-- ARGV  place to go on from ('' for the start), limit
-- Reply the place to go on from ('': the end), then name and value of each figure: sums over the page's Jobs, and 'gate:REASON' for the
--       number of them by their gate; on the first page also 'agenda', 'nodes' and 'count:NAME' for each count of `tally`.

local function add(sums, name, number) sums[name] = (sums[name] or 0) + number end

local function add_job(sums, uid)
  local ledger = load_ledger(uid)
  if not ledger then return end
  load_texts(ledger)
  add(sums, 'gate:' .. ledger.gate, 1)
  for _, name in ipairs({ 'active', 'ready', 'terminating', 'done' }) do add(sums, name, ledger[name]) end
  add(sums, 'held', ledger.undecided)
  add(sums, 'failed', ledger.badIndexes)
  if ledger.completions < 0 or ledger.ended == 1 or ledger.deleted == 1 then return end
  add(sums, 'waiting', math.max(0, ledger.completions - ledger.done - ledger.badIndexes - ledger.active - ledger.undecided))
  add(sums, 'delayed', ledger.waits)
end

local function figures(_, a)
  local sums = {}
  local paths = redis.call('ZRANGEBYLEX', G .. 'jobs', a[1] ~= '' and '(' .. a[1] or '-', '+', 'LIMIT', 0, tonumber(a[2]))
  for _, path in ipairs(paths) do add_job(sums, string.match(path, '%S+$')) end
  if a[1] == '' then
    sums.agenda, sums.nodes = redis.call('ZCARD', G .. 'due'), redis.call('SCARD', G .. 'nodes')
    local counts = redis.call('HGETALL', G .. 'counts')
    for at = 1, #counts, 2 do sums['count:' .. counts[at]] = tonumber(counts[at + 1]) end
  end
  local reply = { #paths == tonumber(a[2]) and paths[#paths] or '' }
  for name, number in pairs(sums) do
    reply[#reply + 1] = name
    reply[#reply + 1] = int(number)
  end
  return reply
end
register_reading('drover1_figures', figures)
