-- Lets a channel be forgotten again that was published to as a declared one, and is none.
-- KEYS[1] meta hash of the channel (see publish.lua)
-- ARGV[1] id of the declaration that is over, or empty when it is not known
-- ARGV[2] how long the meta hash outlives this, in milliseconds
-- Answers {1}, or {0} when it was declared again.
local declared = redis.call('HGET', KEYS[1], 'declared')
if declared and declared ~= ARGV[1] then
  return {0}
end
redis.call('HDEL', KEYS[1], 'declared')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {1}
