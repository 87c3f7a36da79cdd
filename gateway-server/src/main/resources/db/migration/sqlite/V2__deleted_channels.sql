-- Channels that are gone while their messages and remembered answers are still being removed.
CREATE TABLE deleted_channels (
  number INTEGER NOT NULL PRIMARY KEY
) STRICT;
