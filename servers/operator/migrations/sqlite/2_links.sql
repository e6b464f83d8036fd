-- Codes with which the holder of an account or a card registers it in a wallet. A code is kept as
-- its SHA-256 digest, and belongs to the first holder who used it.
CREATE TABLE link (
    code_digest TEXT PRIMARY KEY,
    held_by TEXT NOT NULL CHECK (held_by IN ('account', 'card')),
    held_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    rides TEXT NOT NULL,
    -- The wallet company's own opaque name for the holder.
    holder TEXT
) STRICT;
