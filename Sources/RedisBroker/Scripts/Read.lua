-- Reading without changing: Jobs and pods by name and in order.

local function job_fields(path, reply)
  local job = redis.call('HMGET', keys_of(split(path, '/')[3]) .. 'job', 'object', 'status', 'rv')
  if job[1] then
    for at = 1, 3 do reply[#reply + 1] = job[at] end
  end
end

local function find(key, path)
  return redis.call('ZRANGEBYLEX', G .. key, '[' .. path .. '/', '(' .. path .. '0', 'LIMIT', 0, 1)[1]
end

-- ARGV namespace, name. Reply object, status, resourceVersion; or nothing
local function job(_, a)
  local reply, path = {}, find('jobs', a[1] .. '/' .. a[2])
  if path then job_fields(path, reply) end
  return reply
end
redis.register_function { function_name = 'drover1_job', callback = job, flags = { 'no-writes' } }

-- ARGV namespace ('' for all). Reply the newest resourceVersion, then per Job as above
local function jobs(_, a)
  local reply = { redis.call('GET', G .. 'rv') or '0' }
  local paths
  if a[1] == '' then
    paths = redis.call('ZRANGE', G .. 'jobs', 0, -1)
  else
    paths = redis.call('ZRANGEBYLEX', G .. 'jobs', '[' .. a[1] .. '/', '(' .. a[1] .. '0')
  end
  for _, path in ipairs(paths) do job_fields(path, reply) end
  return reply
end
redis.register_function { function_name = 'drover1_jobs', callback = jobs, flags = { 'no-writes' } }

local function pod_fields(J, token, reply)
  local pod = redis.call('HGETALL', J .. 'pod:' .. token)
  reply[#reply + 1] = token
  reply[#reply + 1] = tostring(#pod)
  for _, value in ipairs(pod) do reply[#reply + 1] = value end
end

-- ARGV uid, offset, limit. Reply per pod its token, the number of its fields, its fields
local function pods(_, a)
  local reply, J = {}, keys_of(a[1])
  local from = tonumber(a[2])
  for _, token in ipairs(redis.call('ZRANGE', J .. 'pods', from, from + tonumber(a[3]) - 1)) do pod_fields(J, token, reply) end
  return reply
end
redis.register_function { function_name = 'drover1_pods', callback = pods, flags = { 'no-writes' } }

-- ARGV namespace, name. Reply object, status, resourceVersion of its Job, then the pod as above; or nothing
local function pod(_, a)
  local reply, path = {}, find('pods', a[1] .. '/' .. a[2])
  if not path then return reply end
  local parts = split(path, '/')
  job_fields(path, reply)
  if #reply > 0 then pod_fields(keys_of(parts[3]), parts[4], reply) end
  return reply
end
redis.register_function { function_name = 'drover1_pod', callback = pod, flags = { 'no-writes' } }
