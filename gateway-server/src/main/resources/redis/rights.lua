-- Carries out each command that the other scripts call, so that a user who may not is found when a
-- node connects, and not in the middle of a script.
-- KEYS[1]  a key for a text
-- KEYS[2]  a key for a hash
-- KEYS[3]  a key for a set
-- KEYS[4]  a key for a sorted set
-- KEYS[5]  a key for a stream
-- ARGV[1]  pub/sub channel
-- ARGV[2]  how long the keys live if they are not deleted, in milliseconds
-- Answers {} when all is allowed and this server writes; else an error in this server's words. Where
-- they are about rights, it begins with NOPERM, which not every version says in a script, and names the
-- commands that were refused.
local text, hash, set, zset, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local commands = {
  {'TIME'},
  {'SET', text, '1', 'PX', ARGV[2]},
  {'GET', text},
  {'EXISTS', text},
  {'PERSIST', text},
  {'PEXPIRE', text, ARGV[2]},
  {'PTTL', text},
  {'HSET', hash, 'a', '1'},
  {'HSETNX', hash, 'a', '1'},
  {'HINCRBY', hash, 'a', '1'},
  {'HGET', hash, 'a'},
  {'HMGET', hash, 'a'},
  {'HGETALL', hash},
  {'HDEL', hash, 'a'},
  {'SADD', set, 'a'},
  {'SISMEMBER', set, 'a'},
  {'SRANDMEMBER', set, '1'},
  {'SSCAN', set, '0'},
  {'SREM', set, 'a'},
  {'ZADD', zset, '1', 'a'},
  {'ZCOUNT', zset, '0', '1'},
  {'ZRANGE', zset, '0', '-1'},
  {'ZRANGEBYSCORE', zset, '0', '1'},
  {'ZSCORE', zset, 'a'},
  {'ZREM', zset, 'a'},
  {'XADD', stream, '*', 'a', '1'},
  {'XLEN', stream},
  {'XRANGE', stream, '-', '+'},
  {'XREVRANGE', stream, '+', '-'},
  {'XTRIM', stream, 'MAXLEN', '1'},
  {'XDEL', stream, '1-1'},
  {'PUBLISH', ARGV[1], ''},
  {'DEL', text, hash, set, zset, stream}
}

local function ofRights(words)
  return string.find(words, 'NOPERM', 1, true)
    or string.find(words, "The user executing the script can't", 1, true)
end

local first, refused = nil, {}
for _, command in ipairs(commands) do
  local answer = redis.pcall(unpack(command))
  if type(answer) == 'table' and answer.err then
    if not ofRights(answer.err) then
      return answer
    end
    first = first or string.gsub(string.gsub(answer.err, '^-', ''), '^%u+ ', '')
    refused[#refused + 1] = string.lower(command[1])
  end
end
if first then
  return redis.error_reply('NOPERM ' .. first .. ' [refused: ' .. table.concat(refused, ', ') .. ']')
end
return {}
