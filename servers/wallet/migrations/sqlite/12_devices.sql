-- Devices that a member has logged in with, by the SHA-256 digest of what they were given: guesses
-- from elsewhere keep none of them waiting.
CREATE TABLE device (
    token_digest TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES member (id),
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_member ON device (member_id, used_at);
