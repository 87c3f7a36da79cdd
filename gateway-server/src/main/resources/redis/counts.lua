-- A node tells how many subscribers channels have on it: some of its counts, by a numbered call.
-- Counts and numbers are sealed by the node; here they are only stored and compared.
--
-- KEYS[1] hash: channel -> subscribers on this node; '#' -> number of the last call
-- ARGV[1] number that the hash must have, '0' for no hash, or empty to begin it anew
-- ARGV[2] number that it gets
-- ARGV[3] how long the hash lives without a heartbeat, in ms
-- ARGV[4] pub/sub channel on which the others hear it
-- ARGV[5] what they hear, or empty for nothing
-- ARGV[6], ARGV[7] and so on in pairs: channel, subscribers (empty takes it out)
--
-- Answers {1}, or {0} when the hash has another number: the server lost it, nothing was done
if ARGV[1] == '' then
  redis.call('DEL', KEYS[1])
elseif (redis.call('HGET', KEYS[1], '#') or '0') ~= ARGV[1] then
  return {0}
end
for i = 6, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
redis.call('HSET', KEYS[1], '#', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if ARGV[5] ~= '' then
  redis.call('PUBLISH', ARGV[4], ARGV[5])
end
return {1}
