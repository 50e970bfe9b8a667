-- Reading without changing: Jobs and pods by name and in order.

local function append_job(uid, reply)
  local job = redis.call('HMGET', keys_of(uid) .. 'job', 'object', 'status', 'rv')
  if not job[1] then return end
  for at = 1, 3 do reply[#reply + 1] = job[at] end
end

-- ARGV namespace, name. Reply object, status, resourceVersion; or nothing
local function job(_, a)
  local reply, uid = {}, find('jobs', a[1], a[2])
  if uid then append_job(uid, reply) end
  return reply
end
register_reading('drover1_job', job)

-- ARGV namespace ('' for all), place to go on from ('' for the start), limit.
-- Reply the newest resourceVersion, the place to go on from ('': the end), then per Job as above
local function jobs(_, a)
  local from = a[2] ~= '' and '(' .. a[2] or a[1] ~= '' and '[' .. a[1] .. '/' or '-'
  local to = a[1] ~= '' and '(' .. a[1] .. '0' or '+'
  local paths = redis.call('ZRANGEBYLEX', G .. 'jobs', from, to, 'LIMIT', 0, tonumber(a[3]))
  local reply = { redis.call('GET', G .. 'rv') or '0', #paths == tonumber(a[3]) and paths[#paths] or '' }
  for _, path in ipairs(paths) do append_job(string.match(path, '%S+$'), reply) end
  return reply
end
register_reading('drover1_jobs', jobs)

-- ARGV uid, token to go on after (0 for the start), limit. Reply per pod its token, the number of its fields, its fields
local function pods(_, a)
  local reply, ledger = {}, { J = keys_of(a[1]) }
  local tokens = redis.call('ZRANGEBYSCORE', ledger.J .. 'pods', '(' .. a[2], '+inf', 'LIMIT', 0, tonumber(a[3]))
  for _, token in ipairs(tokens) do append_pod(ledger, token, reply) end
  return reply
end
register_reading('drover1_pods', pods)

-- ARGV namespace, name. Reply object, status, resourceVersion of its Job, then the pod as above; or nothing
local function pod(_, a)
  local reply, found = {}, find('pods', a[1], a[2])
  if not found then return reply end
  local uid, token = string.match(found, '^(%S+) (%d+)$')
  append_job(uid, reply)
  if #reply > 0 then append_pod({ J = keys_of(uid) }, token, reply) end
  return reply
end
register_reading('drover1_pod', pod)

-- Jobs that no client sees but whose pods are still there: deleted or orphaned ones, and pods of nobody.
-- Reply per Job as above
local function hidden_jobs()
  local reply = {}
  for _, uid in ipairs(redis.call('SUNION', G .. 'deleted', G .. 'solos')) do append_job(uid, reply) end
  return reply
end
register_reading('drover1_hidden_jobs', hidden_jobs)
