-- Reads a channel's roster.
--
-- KEYS[1]  the channel's roster, see roster-enter.lua
-- KEYS[2]  there while nobody may be reaped, see heartbeat.lua
-- KEYS[3]  time of the last heartbeat of anybody
-- ARGV[1]  lease, in ms
--
-- Answers {1 when whoever is missing has left, epoch, version, {what is told of each member}}; an
-- empty epoch when there is no roster.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = redis.call('GET', KEYS[3])
local complete = 0
if last and now - last <= ARGV[1] / 3 and redis.call('EXISTS', KEYS[2]) == 0 then
  complete = 1
end
local members = {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'm:' then
    members[#members + 1] = fields[i + 1]
  end
end
local stamp = redis.call('HMGET', KEYS[1], 'e', 'v')
return {complete, stamp[1] or '', stamp[2] or 0, members}
