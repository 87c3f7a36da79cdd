-- Reads some of the members that are present through one node, but for those in their grace time.
--
-- KEYS[1] set: <channel>\n<member> of the node
-- KEYS[2] zset of grace times, see roster-enter.lua
-- ARGV[1] the node
-- ARGV[2] where to go on: 0 at first, then as answered
-- ARGV[3] about how many to read
--
-- Answers {where to go on, {channel, member, channel, member, ...}}; 0 when these were the last.
local page = redis.call('SSCAN', KEYS[1], ARGV[2], 'COUNT', ARGV[3])
local held = {}
for _, entry in ipairs(page[2]) do
  local channel, member = string.match(entry, '^([^\n]*)\n(.*)$')
  if not redis.call('ZSCORE', KEYS[2], channel .. '\n' .. ARGV[1] .. '\n' .. member) then
    held[#held + 1] = channel
    held[#held + 1] = member
  end
end
return {page[1], held}
