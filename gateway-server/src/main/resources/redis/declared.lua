-- Notes that a channel is declared, for nodes that have not heard of it yet.
-- KEYS[1] meta hash of the channel (see publish.lua)
-- ARGV[1] id of the declaration
-- ARGV[2] how long the meta hash is remembered from now on at the least, in milliseconds
-- Answers {}.
local isNew = redis.call('EXISTS', KEYS[1]) == 0
redis.call('HSET', KEYS[1], 'declared', ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if isNew or (left >= 0 and left < tonumber(ARGV[2])) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return {}
