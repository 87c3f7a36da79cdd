-- Times are milliseconds since 1970. The SQLite migration of the same number makes the same tables;
-- the statements that use them are the same for both.

CREATE TABLE apps (
  id                  TEXT    NOT NULL PRIMARY KEY,
  name                TEXT    NOT NULL,
  allowed_origins     TEXT    NOT NULL,  -- one a line
  undeclared_channels BOOLEAN NOT NULL,
  created_at          BIGINT  NOT NULL
);

CREATE TABLE signing_secrets (
  app        TEXT    NOT NULL REFERENCES apps (id),
  kid        TEXT    NOT NULL,
  secret     TEXT    NOT NULL,
  created_at BIGINT  NOT NULL,
  PRIMARY KEY (app, kid)
);

CREATE TABLE api_keys (
  id           TEXT    NOT NULL PRIMARY KEY,
  app          TEXT    NOT NULL REFERENCES apps (id),
  kind         TEXT    NOT NULL,
  label        TEXT    NOT NULL,
  hint         TEXT    NOT NULL,
  hash         TEXT    NOT NULL UNIQUE,
  created_at   BIGINT  NOT NULL,
  expires_at   BIGINT,
  last_used_at BIGINT,
  revoked_at   BIGINT 
);

CREATE INDEX api_keys_of_app ON api_keys (app);

-- One number that every change of an app or key raises.
CREATE TABLE revisions (
  subject  TEXT    NOT NULL PRIMARY KEY,
  revision BIGINT  NOT NULL
);

INSERT INTO revisions (subject, revision) VALUES ('keys', 1);

-- `number` is what messages and answers name a channel by: short, and never used again.
-- `epoch_number` orders a channel's epochs, whose names say nothing.
-- Every commit moves heads: half-filled pages keep the new row version on its page, without index work.
CREATE TABLE channels (
  number        BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,
  app           TEXT    NOT NULL REFERENCES apps (id),
  slug          TEXT    NOT NULL,
  title         TEXT    NOT NULL,
  description   TEXT,
  is_private    BOOLEAN NOT NULL,
  metadata      TEXT,
  epoch         TEXT    NOT NULL,
  epoch_number  BIGINT  NOT NULL,
  head          BIGINT  NOT NULL,
  message_count BIGINT  NOT NULL,
  created_at    BIGINT  NOT NULL,
  updated_at    BIGINT  NOT NULL,
  UNIQUE (app, slug)
) WITH (fillfactor = 50);

CREATE INDEX channels_of_app ON channels (app, created_at, number);

-- No foreign key: a message is written by the transaction that has just moved its channel's head.
CREATE TABLE messages (
  channel       BIGINT  NOT NULL,
  epoch_number  BIGINT  NOT NULL,
  stream_offset BIGINT  NOT NULL,
  epoch         TEXT    NOT NULL,
  id            TEXT    NOT NULL,
  event_type    TEXT    NOT NULL,
  client_id     TEXT    NOT NULL,
  data          BYTEA   NOT NULL,
  created_at    BIGINT  NOT NULL,
  PRIMARY KEY (channel, epoch_number, stream_offset)
);

CREATE TABLE idempotency_keys (
  channel         BIGINT  NOT NULL,
  idempotency_key TEXT    NOT NULL,
  digest          TEXT    NOT NULL,
  epoch           TEXT    NOT NULL,
  stream_offset   BIGINT  NOT NULL,
  message_id      TEXT    NOT NULL,
  event_type      TEXT    NOT NULL,
  client_id       TEXT    NOT NULL,
  delivered       INTEGER NOT NULL,
  created_at      BIGINT  NOT NULL,
  expires_at      BIGINT  NOT NULL,
  PRIMARY KEY (channel, idempotency_key)
);

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (channel, expires_at);

-- The node that may write streams: each that takes the database over raises the generation.
CREATE TABLE node_owner (
  id         SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
  generation BIGINT  NOT NULL,
  since      BIGINT  NOT NULL
);

INSERT INTO node_owner (id, generation, since) VALUES (1, 0, 0);
