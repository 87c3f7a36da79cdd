-- Begins the grace time of a member's presence through a node.
--
-- KEYS[1]  the channel's roster, see roster-enter.lua
-- KEYS[2]  zset of grace times, see there
-- KEYS[3]  set of this node's members, see there
-- ARGV[1]  channel, as app/name
-- ARGV[2]  node
-- ARGV[3]  member
-- ARGV[4]  grace time, in ms
-- ARGV[5]  deadline in ms of this server's clock: past it nothing happens
--
-- Answers {1, epoch, version}, an empty epoch when there is no roster; or {-1} past the deadline.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[5]) then
  return {-1}
end
if redis.call('SISMEMBER', KEYS[3], ARGV[1] .. '\n' .. ARGV[3]) == 1 then
  redis.call('ZADD', KEYS[2], 'NX', now + ARGV[4], ARGV[1] .. '\n' .. ARGV[2] .. '\n' .. ARGV[3])
end
local stamp = redis.call('HMGET', KEYS[1], 'e', 'v')
return {1, stamp[1] or '', stamp[2] or 0}
