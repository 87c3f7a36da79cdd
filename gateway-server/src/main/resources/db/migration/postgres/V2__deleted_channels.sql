-- Channels that are gone while their messages and remembered answers are still being removed.
CREATE TABLE deleted_channels (
  number BIGINT  NOT NULL PRIMARY KEY
);
