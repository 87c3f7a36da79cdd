-- A node says that it lives, sends itself its canary, and hears who else lives and what was told.
--
-- KEYS[1]  zset: node -> end of its lease, in ms of this server's clock
-- KEYS[2]  what this node says of itself
-- KEYS[3]  time of the last heartbeat of anybody
-- KEYS[4]  there while nobody may be reaped
-- KEYS[5]  the fingerprint of the cluster's relay URLs
-- KEYS[6]  stream of notices, numbered 1-0, 2-0, ...
-- KEYS[7]  what this node counts on its channels
-- ARGV[1]  what the keys of another node begin with, for what it says of itself
-- ARGV[2]  the same for what it counts
-- ARGV[3]  the same for its entries of presence
-- ARGV[4]  this node
-- ARGV[5]  lease, in ms
-- ARGV[6]  what this node says of itself, sealed
-- ARGV[7]  fingerprint
-- ARGV[8]  pub/sub channel of this node's canary
-- ARGV[9]  the canary, sealed
-- ARGV[10] number of the last notice that this node has seen, or -1 when it has just begun
-- ARGV[11] id of that notice, or empty
-- ARGV[12] how many notices to answer at the most
--
-- Answers {0, fingerprint of the others} and does nothing, or
-- {1, now in ms, 1 while nobody may be reaped, {{node, what it says, its number of counts}, ...},
--  1 when notices may have been missed, {{number, id, body}, ...},
--  1 when this server has lost this node's lease, and so whatever it had}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(ARGV[5])

local fingerprint = redis.call('GET', KEYS[5])
if fingerprint and fingerprint ~= ARGV[7] then
  return {0, fingerprint}
end
redis.call('SET', KEYS[5], ARGV[7], 'PX', lease)

-- While this server was away nobody could renew a lease, and when it lost its data, as far as the
-- last heartbeat or this node, nobody has one: they all get one more from now on.
local last = tonumber(redis.call('GET', KEYS[3]))
local lost = 0
if tonumber(ARGV[10]) >= 0 and not redis.call('ZSCORE', KEYS[1], ARGV[4]) then
  lost = 1
end
if lost == 1 or not last or now - last > lease / 3 then
  redis.call('SET', KEYS[4], now + lease, 'PX', lease)
end
redis.call('SET', KEYS[3], now)
local noreap = redis.call('EXISTS', KEYS[4])

redis.call('ZADD', KEYS[1], now + lease, ARGV[4])
redis.call('SET', KEYS[2], ARGV[6], 'PX', 10 * lease)
redis.call('PEXPIRE', KEYS[7], 10 * lease)
redis.call('PUBLISH', ARGV[8], ARGV[9])

local nodes = {}
local leases = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #leases, 2 do
  local node, ends = leases[i], tonumber(leases[i + 1])
  local says = redis.call('GET', ARGV[1] .. node) -- nothing since its goodbye
  if ends > now or (noreap == 1 and says) then
    nodes[#nodes + 1] = {
      node,
      says or '',
      redis.call('HGET', ARGV[2] .. node, '#') or ''
    }
  elseif noreap == 0 and ends + 10 * lease < now and redis.call('EXISTS', ARGV[3] .. node) == 0 then
    redis.call('ZREM', KEYS[1], node)
  end
end

-- Notices have consecutive numbers. What this node has seen is not there any more when this server
-- lost it (the head is behind it, or another notice has its number) or trimmed what came next.
local seen, missed, from = tonumber(ARGV[10]), 0, '-'
local head = redis.call('XREVRANGE', KEYS[6], '+', '-', 'COUNT', 1)[1]
local headNumber = head and tonumber(string.match(head[1], '^%d+')) or 0
if seen < 0 then
  local headId = head and head[2][2] or ''
  return {1, now, noreap, nodes, 1, {{headNumber, headId, ''}}, lost}
end
if seen > 0 then
  local there = redis.call('XRANGE', KEYS[6], seen .. '-0', seen .. '-0')[1]
  if headNumber < seen or (there and there[2][2] ~= ARGV[11]) then
    missed = 1
  else
    from = (seen + 1) .. '-0'
  end
end
local notices = {}
for i, entry in ipairs(redis.call('XRANGE', KEYS[6], from, '+', 'COUNT', ARGV[12])) do
  local number = tonumber(string.match(entry[1], '^%d+'))
  if i == 1 and missed == 0 and number > seen + 1 then
    missed = 1
  end
  notices[i] = {number, entry[2][2], entry[2][4]}
end
return {1, now, noreap, nodes, missed, notices, lost}
