-- Reads the newest part of a channel's stream, behind what the caller has seen; begins a new epoch
-- when that is not in the stream.
-- KEYS[1] meta hash of the channel (see publish.lua)
-- KEYS[2] stream of the channel
-- ARGV[1] epoch that the caller has seen, or empty for none
-- ARGV[2] offset that it has seen
-- ARGV[3] id of the publication there, or empty when it is not known
-- ARGV[4] epoch to begin when one has to begin
-- ARGV[5] body of the envelope that tells of a new epoch
-- ARGV[6] pub/sub channel
-- ARGV[7] how many entries to answer at the most
-- ARGV[8] how many bytes of them at the most
-- ARGV[9] how long the stream keeps entries, in milliseconds
-- ARGV[10] how long a stream without publications is remembered, in milliseconds
-- Answers {1 when an epoch began, epoch, offset of the head, id of the head, {envelope…}, epoch that
-- the last deletion of the channel began, or empty}, the newest envelope first.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'id', 'keys')
local epoch, offset, id = meta[1], tonumber(meta[2] or 0), meta[3] or ''
local life = meta[4] or ''
local seen = tonumber(ARGV[2])

local function begin()
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'epoch', ARGV[4], 'offset', 0, 'id', '')
  if not epoch then
    redis.call('PEXPIRE', KEYS[1], ARGV[10])
  end
  if epoch or ARGV[1] ~= '' then
    redis.call('PUBLISH', ARGV[6],
      '1 E ' .. ARGV[4] .. ' 0 ' .. string.format('%.0f', now) .. ' -\n' .. ARGV[5])
    return {1, ARGV[4], 0, '', {}, life}
  end
  return {0, ARGV[4], 0, '', {}, life}
end

if not epoch then
  return begin()
end
local left = redis.call('PTTL', KEYS[1])
if left >= 0 and left < tonumber(ARGV[10]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[10])
end

local behind = epoch == ARGV[1]
if behind and (offset < seen or (offset == seen and ARGV[3] ~= '' and ARGV[3] ~= id)) then
  return begin()
end

local oldest = now - tonumber(ARGV[9])
local count, bytes = tonumber(ARGV[7]), tonumber(ARGV[8])
local envelopes = {}
local upper = '+'
local done = behind and offset == seen
while not done do
  local entries = redis.call('XREVRANGE', KEYS[2], upper, '-', 'COUNT', 64)
  done = #entries < 64
  for _, entry in ipairs(entries) do
    local dash = string.find(entry[1], '-', 1, true)
    local at = tonumber(string.sub(entry[1], dash + 1))
    upper = '(' .. entry[1]
    if behind and at <= seen then
      if at == seen and ARGV[3] ~= '' and entry[2][2] ~= ARGV[3] then
        return begin()
      end
      done = true
      break
    end
    count = count - 1
    bytes = bytes - #entry[2][4]
    if count < 0 or bytes < 0 or tonumber(string.sub(entry[1], 1, dash - 1)) < oldest then
      -- What is left out is a gap, but whether this is still the stream that was seen counts.
      if behind then
        local lowest = redis.call('XREVRANGE', KEYS[2], '(' .. entry[1], '-', 'COUNT', at - seen)
        local known = lowest[at - seen]
        if known and ARGV[3] ~= '' and known[2][2] ~= ARGV[3] then
          return begin()
        end
      end
      done = true
      break
    end
    envelopes[#envelopes + 1] = entry[2][4]
  end
end
return {0, epoch, offset, id, envelopes, life}
