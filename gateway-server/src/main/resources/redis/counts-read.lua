-- Reads all that one node counts, as it sealed it.
--
-- KEYS[1] hash: channel -> subscribers on that node; '#' -> number of the last call
--
-- Answers {channel, subscribers, channel, subscribers, ...}, with '#' among them
return redis.call('HGETALL', KEYS[1])
