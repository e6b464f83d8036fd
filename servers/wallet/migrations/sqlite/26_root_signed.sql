-- What the root key signs, as it is served: signed bytes are never made anew.
CREATE TABLE root_signed (
    -- Where it is served.
    path TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    -- One a line, one for each root key.
    signatures TEXT NOT NULL
) STRICT;
INSERT INTO root_signed (path, revision, body, valid_until, signatures)
    SELECT '/v1/keys', revision, body, valid_until, signatures FROM key_list;
DROP TABLE key_list;
