-- Where streams stand.
-- KEYS[n]  meta hash of the n-th channel
-- ARGV[1]  how long the streams are remembered from now on at the least, in milliseconds; 0 changes
--          nothing
-- Answers, for each key, {epoch, offset, id of the head}; all empty when there is no such stream.
local heads = {}
local keep = tonumber(ARGV[1])
for n = 1, #KEYS do
  local meta = redis.call('HMGET', KEYS[n], 'epoch', 'offset', 'id')
  if keep > 0 then
    local left = redis.call('PTTL', KEYS[n])
    if left >= 0 and left < keep then
      redis.call('PEXPIRE', KEYS[n], ARGV[1])
    end
  end
  heads[n] = {meta[1] or '', meta[2] or '', meta[3] or ''}
end
return heads
