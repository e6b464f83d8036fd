-- What opens an account or a card to one holder, as its SHA-256 digest: a stolen table opens nothing.
CREATE TABLE account_grant (
    id INTEGER PRIMARY KEY,
    grant_digest TEXT NOT NULL UNIQUE,
    held_by TEXT NOT NULL CHECK (held_by IN ('account', 'card')),
    held_id TEXT NOT NULL,
    -- The wallet company's own opaque name for the holder.
    holder TEXT NOT NULL
) STRICT;
CREATE INDEX account_grant_holder ON account_grant (held_by, held_id, holder);
