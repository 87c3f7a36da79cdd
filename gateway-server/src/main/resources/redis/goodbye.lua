-- A node ends: its lease is over now, and its counts with it. Those who were present through it have
-- their grace time to come back through another node.
--
-- KEYS[1] zset: node -> end of its lease, in ms of this server's clock
-- KEYS[2] what this node says of itself
-- KEYS[3] what this node counts on its channels
-- KEYS[4] the fingerprint of the cluster's relay URLs, which ends with the last node
-- KEYS[5] zset: nodes that have members, see roster-enter.lua
-- ARGV[1] this node
-- ARGV[2] after how long the lease ends of those who are present through it, in ms
--
-- Answers {how many nodes are left}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZADD', KEYS[5], 'XX', now + ARGV[2], ARGV[1])
redis.call('DEL', KEYS[2], KEYS[3])
local left = redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf')
if left == 0 then
  redis.call('DEL', KEYS[4])
end
return {left}
