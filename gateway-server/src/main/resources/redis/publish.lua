-- Puts a publication at the end of a channel's stream and brings it to all who follow the channel.
-- KEYS[1]  meta hash of the channel: epoch, offset, id (of the head), ms (of the head), keys (the
--          epoch since which idempotency keys count: the one that its last deletion began), declared
--          (see declared.lua)
-- KEYS[2]  stream of the channel: entries <ms>-<offset> {i: id, e: envelope}
-- KEYS[3]  remembered answer of the idempotency key; any key when there is none
-- KEYS[4]  stream of publications that no store has yet
-- ARGV[1]  deadline in milliseconds of this server's clock: past it nothing happens
-- ARGV[2]  epoch that the caller's node has seen of the channel, or empty
-- ARGV[3]  offset that it has seen
-- ARGV[4]  epoch to begin when one has to begin
-- ARGV[5]  id of the publication
-- ARGV[6]  body of its envelope
-- ARGV[7]  body of the envelope that tells of a new epoch
-- ARGV[8]  pub/sub channel
-- ARGV[9]  how many entries the stream keeps
-- ARGV[10] how long it keeps them, in milliseconds
-- ARGV[11] digest of the publication, or empty when it has no idempotency key
-- ARGV[12] how long the answer is remembered, in milliseconds
-- ARGV[13] subscribers that the caller counts
-- ARGV[14] how many entries the unarchived stream may have, or empty when the channel has no archive
-- ARGV[15] how long the meta hash outlives the last publication, in milliseconds
-- Answers {'LATE'}, {'CONFLICT'}, {'FULL'}, {'DECLARED', id of the declaration} when the caller
-- has not heard yet that the channel has an archive by now, or {'DONE', 1 when an epoch began, epoch, offset, ms,
-- id, subscribers, entry in the unarchived stream}; the same again, but no new epoch, for a key that
-- is remembered.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[1]) then
  return {'LATE'}
end

local meta = redis.call('HMGET', KEYS[1], 'epoch', 'offset', 'id', 'ms', 'keys', 'declared')
local epoch, offset = meta[1], tonumber(meta[2] or 0)
local previous, last, keys = meta[3] or '', tonumber(meta[4] or 0), meta[5] or ''

if ARGV[11] ~= '' then
  local first = redis.call('HMGET', KEYS[3], 'keys', 'digest', 'epoch', 'offset', 'ms', 'id',
    'subscribers', 'unarchived')
  if first[1] == keys then
    if first[2] ~= ARGV[11] then
      return {'CONFLICT'}
    end
    return {'DONE', 0, first[3], first[4], first[5], first[6], first[7], first[8]}
  end
end

if ARGV[14] == '' and meta[6] then
  return {'DECLARED', meta[6]}
end
if ARGV[14] ~= '' and redis.call('XLEN', KEYS[4]) >= tonumber(ARGV[14]) then
  return {'FULL'}
end

local began = 0
if not epoch or (epoch == ARGV[2] and offset < tonumber(ARGV[3])) then
  local lost = epoch
  epoch, offset, previous = ARGV[4], 0, ''
  redis.call('DEL', KEYS[2])
  if lost or ARGV[2] ~= '' then
    began = 1
    redis.call('PUBLISH', ARGV[8],
      '1 E ' .. epoch .. ' 0 ' .. string.format('%.0f', now)
      .. ' -\n' .. ARGV[7])
  end
end

offset = offset + 1
local ms = math.max(now, last)
local text = string.format('%.0f', ms)
local envelope = '1 P ' .. epoch .. ' ' .. offset .. ' ' .. text .. ' '
  .. (previous == '' and '-' or previous) .. '\n' .. ARGV[6]
redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[9], text .. '-' .. offset, 'i', ARGV[5], 'e', envelope)
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f', now - tonumber(ARGV[10])))
redis.call('PEXPIRE', KEYS[2], ARGV[10])
redis.call('HSET', KEYS[1], 'epoch', epoch, 'offset', offset, 'id', ARGV[5], 'ms', text)
local unarchived = ''
if ARGV[14] ~= '' then
  unarchived = redis.call('XADD', KEYS[4], '*', 'e', envelope)
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[15])
end
if ARGV[11] ~= '' then
  redis.call('HSET', KEYS[3], 'keys', keys, 'digest', ARGV[11], 'epoch', epoch, 'offset', offset,
    'ms', text, 'id', ARGV[5], 'subscribers', ARGV[13], 'unarchived', unarchived)
  redis.call('PEXPIRE', KEYS[3], ARGV[12])
end
redis.call('PUBLISH', ARGV[8], envelope)
return {'DONE', began, epoch, offset, text, ARGV[5], ARGV[13], unarchived}
