-- Whether publish keys may list the channels that are not private, and read their history.
ALTER TABLE apps ADD COLUMN publish_keys_read INTEGER NOT NULL DEFAULT 0;

-- Names of deleted private channels: they stay private for a while, or until they are declared again.
CREATE TABLE private_names (
  app        TEXT    NOT NULL,
  slug       TEXT    NOT NULL,
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (app, slug)
) STRICT;

CREATE INDEX private_names_by_age ON private_names (deleted_at);
