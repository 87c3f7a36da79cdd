-- Where streams stand.
-- KEYS[n]  meta hash of the n-th channel
-- Answers, for each key, {epoch, offset, id of the head}; all empty when there is no such stream.
local heads = {}
for n = 1, #KEYS do
  local meta = redis.call('HMGET', KEYS[n], 'epoch', 'offset', 'id')
  heads[n] = {meta[1] or '', meta[2] or '', meta[3] or ''}
end
return heads
