-- Ends a channel's epoch and begins another at offset 0.
-- KEYS[1] meta hash of the channel (see publish.lua)
-- KEYS[2] stream of the channel
-- KEYS[3] remembered answer of an idempotency key, or absent: it is forgotten if it is of the epoch
--         to end, also when that has ended already
-- ARGV[1] D when the channel was deleted: then its idempotency keys count no more, and it is not
--         declared any more; E when its stream is not what somebody knows
-- ARGV[2] the epoch to end; empty for whichever it is. With D one that a deletion began is not ended:
--         then that deletion is what the caller has heard of
-- ARGV[3] the epoch to begin; a second call with it does nothing
-- ARGV[4] body of the envelope that tells of it
-- ARGV[5] pub/sub channel
-- ARGV[6] how long the meta hash outlives this, in milliseconds
-- Answers {1} when the epoch began, {0} when there was nothing to do.
if KEYS[3] and redis.call('HGET', KEYS[3], 'epoch') == ARGV[2] then
  redis.call('DEL', KEYS[3])
end
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'keys')
if (ARGV[2] ~= '' and meta[1] ~= ARGV[2]) or meta[1] == ARGV[3] or meta[2] == ARGV[3] then
  return {0}
end
if ARGV[1] == 'D' and ARGV[2] ~= '' and meta[2] == ARGV[2] then
  return {0}
end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'epoch', ARGV[3], 'offset', 0, 'id', '')
if ARGV[1] == 'D' then
  redis.call('HSET', KEYS[1], 'keys', ARGV[3])
  redis.call('HDEL', KEYS[1], 'declared')
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
end
redis.call('PUBLISH', ARGV[5], '1 ' .. ARGV[1] .. ' ' .. ARGV[3] .. ' 0 ' .. now .. ' -\n' .. ARGV[4])
return {1}
