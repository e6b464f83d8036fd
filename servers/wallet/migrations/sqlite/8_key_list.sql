-- The list of the register's public keys as it is served: signed bytes are never made anew.
CREATE TABLE key_list (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    -- One a line, one for each root key.
    signatures TEXT NOT NULL
) STRICT;
