-- Whether the generation is one that several nodes share. Whoever changes between the two raises it.
ALTER TABLE node_owner ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;

-- The epochs that a relay has begun, in the order in which the archive heard of them: `number` is
-- what a message's `epoch_number` is. Written and read under the lock of the channel's row.
CREATE TABLE relay_epochs (
  channel BIGINT NOT NULL,
  epoch   TEXT   NOT NULL,
  number  BIGINT NOT NULL,
  PRIMARY KEY (channel, epoch)
);

-- When each node last had its own message back from each shard of the relay, by the database's clock.
CREATE TABLE relay_canaries (
  node    TEXT   NOT NULL,
  relay   TEXT   NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (node, relay)
);
