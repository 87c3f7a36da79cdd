-- Finds out whether this server takes what a message needs: it writes, and refuses that when it is a
-- replica, or has no memory or no disk left; and it publishes.
-- KEYS[1]  a key of its own
-- ARGV[1]  pub/sub channel
-- ARGV[2]  how long the key lives, in milliseconds
-- Answers {}.
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
redis.call('PUBLISH', ARGV[1], '')
return {}
