-- Makes a member present through a node, or gives it another info.
--
-- KEYS[1]  hash: the channel's roster. Fields: e epoch, v version, c how many members, b how much
--          they weigh together; and for each member m:<member> what is told of it while it is
--          present, g:<member> what is told when it is gone, w:<member> its weight, n:<member> the
--          nodes it is present through, with blanks between them
-- KEYS[2]  zset: <channel>\n<node>\n<member> -> end of a grace time, in ms of this server's clock
-- KEYS[3]  set: <channel>\n<member> of this node
-- KEYS[4]  zset: nodes that have members -> end of the lease that this gave them
-- ARGV[1]  channel, as app/name
-- ARGV[2]  node
-- ARGV[3]  member
-- ARGV[4]  what is told of it while it is present
-- ARGV[5]  what is told when it is gone
-- ARGV[6]  its weight
-- ARGV[7]  1 when this replaces what a member that is present said before
-- ARGV[8]  members that a channel may have
-- ARGV[9]  what all of them may weigh
-- ARGV[10] epoch of the roster, if it begins now
-- ARGV[11] pub/sub channel that hears of changes
-- ARGV[12] lease, in ms
-- ARGV[13] deadline in ms of this server's clock: past it nothing happens
--
-- Answers {1, epoch, version}; or {0} for want of room or {-1} past the deadline, and nothing has
-- happened.
local roster, channel, node, member = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[13]) then
  return {-1}
end
local before = redis.call('HGET', roster, 'm:' .. member)
local changes = not before or (ARGV[7] == '1' and before ~= ARGV[4])

if changes then
  local more = ARGV[6] - (redis.call('HGET', roster, 'w:' .. member) or 0)
  local weight = tonumber(redis.call('HGET', roster, 'b') or 0)
  local count = tonumber(redis.call('HGET', roster, 'c') or 0)
  if (more > 0 and weight + more > tonumber(ARGV[9]))
    or (not before and count >= tonumber(ARGV[8])) then
    return {0}
  end
  redis.call('HSETNX', roster, 'e', ARGV[10])
  redis.call('HINCRBY', roster, 'b', more)
  if not before then
    redis.call('HINCRBY', roster, 'c', 1)
  end
  redis.call('HSET', roster,
    'm:' .. member, ARGV[4], 'g:' .. member, ARGV[5], 'w:' .. member, ARGV[6])
end

local nodes = redis.call('HGET', roster, 'n:' .. member) or ''
if not string.find(' ' .. nodes .. ' ', ' ' .. node .. ' ', 1, true) then
  redis.call('HSET', roster, 'n:' .. member, nodes == '' and node or nodes .. ' ' .. node)
end
redis.call('ZREM', KEYS[2], channel .. '\n' .. node .. '\n' .. member)
redis.call('SADD', KEYS[3], channel .. '\n' .. member)
redis.call('ZADD', KEYS[4], now + ARGV[12], node)

local epoch = redis.call('HGET', roster, 'e')
if changes then
  local version = redis.call('HINCRBY', roster, 'v', 1)
  redis.call('PUBLISH', ARGV[11],
    '1 R ' .. epoch .. ' ' .. version .. ' ' .. string.format('%.0f', now) .. ' -\n' .. ARGV[4])
end
return {1, epoch, redis.call('HGET', roster, 'v')}
