-- Tells all nodes something: they read it with their next heartbeat, which the message hastens.
--
-- KEYS[1] stream of notices, numbered 1-0, 2-0, ...
-- ARGV[1] id of the notice
-- ARGV[2] its body
-- ARGV[3] how many notices the stream keeps
-- ARGV[4] pub/sub channel that hastens heartbeats
--
-- Answers {number of the notice}
local head = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local number = (head and tonumber(string.match(head[1], '^%d+')) or 0) + 1
redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], number .. '-0', 'id', ARGV[1], 'body', ARGV[2])
redis.call('PUBLISH', ARGV[4], '')
return {number}
