-- Whether the generation is one that several nodes share. Whoever changes between the two raises it.
ALTER TABLE node_owner ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;

-- The epochs that a relay has begun, in the order in which the archive heard of them: `number` is
-- what a message's `epoch_number` is. Written and read under the lock of the channel's row.
CREATE TABLE relay_epochs (
  channel INTEGER NOT NULL,
  epoch   TEXT    NOT NULL,
  number  INTEGER NOT NULL,
  PRIMARY KEY (channel, epoch)
) STRICT;

-- When each node last had its own message back from each shard of the relay, by the database's clock.
CREATE TABLE relay_canaries (
  node    TEXT    NOT NULL,
  relay   TEXT    NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (node, relay)
) STRICT;
