-- Ends grace times that are over, and the presence of whoever was present through a node that is
-- dead. Nobody's ends while this server was away or soon after that: see heartbeat.lua. Before the
-- first heartbeat after that nobody has said so yet; but then the last one is long ago.
--
-- KEYS[1]  zset of grace times, see roster-enter.lua
-- KEYS[2]  zset: nodes that have members, see there
-- KEYS[3]  zset: node -> end of its lease, see heartbeat.lua
-- KEYS[4]  there while nobody may be reaped
-- KEYS[5]  time of the last heartbeat of anybody
-- ARGV[1]  what the set of a node's members begins with
-- ARGV[2]  what a channel's roster begins with, before its app/name
-- ARGV[3]  what it ends with
-- ARGV[4]  what a channel's pub/sub channel begins with
-- ARGV[5]  lease, in ms
-- ARGV[6]  how many to end at the most
-- ARGV[7]  how long before the end of its lease a node counts as dead here, in ms
--
-- Answers {how many were ended}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('GET', KEYS[5])
if not last or now - last > ARGV[5] / 3 or redis.call('EXISTS', KEYS[4]) == 1 then
  return {0}
end

local function finish(channel, node, member)
  local roster = ARGV[2] .. channel .. ARGV[3]
  redis.call('SREM', ARGV[1] .. node, channel .. '\n' .. member)
  local nodes = redis.call('HGET', roster, 'n:' .. member)
  if not nodes then
    return
  end
  local others = {}
  for other in string.gmatch(nodes, '%S+') do
    if other ~= node then
      others[#others + 1] = other
    end
  end
  if #others > 0 then
    redis.call('HSET', roster, 'n:' .. member, table.concat(others, ' '))
    return
  end
  local gone = redis.call('HGET', roster, 'g:' .. member)
  local epoch = redis.call('HGET', roster, 'e')
  local version = redis.call('HINCRBY', roster, 'v', 1)
  redis.call('HINCRBY', roster, 'b', -redis.call('HGET', roster, 'w:' .. member))
  redis.call('HDEL', roster, 'm:' .. member, 'g:' .. member, 'w:' .. member, 'n:' .. member)
  if redis.call('HINCRBY', roster, 'c', -1) == 0 then
    redis.call('DEL', roster)
  end
  redis.call('PUBLISH', ARGV[4] .. channel,
    '1 R ' .. epoch .. ' ' .. version .. ' ' .. string.format('%.0f', now) .. ' -\n' .. gone)
end

local most, ended = tonumber(ARGV[6]), 0
for _, entry in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, most)) do
  local channel, node, member = string.match(entry, '^([^\n]*)\n([^\n]*)\n(.*)$')
  redis.call('ZREM', KEYS[1], entry)
  finish(channel, node, member)
  ended = ended + 1
end

local nodes = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for i = 1, #nodes, 2 do
  local node = nodes[i]
  local lease = math.max(nodes[i + 1], redis.call('ZSCORE', KEYS[3], node) or 0)
  if lease < now + ARGV[7] then
    local members = ARGV[1] .. node
    local some = redis.call('SRANDMEMBER', members, most - ended)
    for _, entry in ipairs(some) do
      local channel, member = string.match(entry, '^([^\n]*)\n(.*)$')
      redis.call('ZREM', KEYS[1], channel .. '\n' .. node .. '\n' .. member)
      finish(channel, node, member)
      ended = ended + 1
    end
    if redis.call('EXISTS', members) == 0 then
      redis.call('ZREM', KEYS[2], node)
    end
  end
end
return {ended}
