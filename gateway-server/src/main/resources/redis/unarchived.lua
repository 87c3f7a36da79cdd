-- Publications of declared channels that wait for a store: takes some off, reads the oldest.
-- KEYS[1]   stream of publications that no store has yet (see publish.lua)
-- ARGV[1]   how old an entry must be to be read, in milliseconds
-- ARGV[2]   how many to read at the most; 0 reads none
-- ARGV[3]   where to begin to read: - for the oldest, or ( and an entry for what follows it
-- ARGV[4…]  entries to take off
-- Answers {{entry, envelope}…}, the oldest first.
if #ARGV > 3 then
  redis.call('XDEL', KEYS[1], unpack(ARGV, 4))
end
if ARGV[2] == '0' then
  return {}
end
local time = redis.call('TIME')
local until_ = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
local waiting = {}
for n, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[3], string.format('%.0f', until_),
  'COUNT', ARGV[2])) do
  waiting[n] = {entry[1], entry[2][2]}
end
return waiting
