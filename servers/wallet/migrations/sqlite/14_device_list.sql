-- What a device says of itself, as JSON, and since when it is known.
ALTER TABLE device ADD COLUMN description TEXT;
ALTER TABLE device ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
-- A device that is logged out takes its sessions along.
ALTER TABLE session ADD COLUMN device_digest TEXT
    REFERENCES device (token_digest) ON DELETE CASCADE;
CREATE INDEX session_device ON session (device_digest);
CREATE INDEX session_member ON session (member_id);

-- Codes that were sent to set a password or a settlement code anew; without a member where the user
-- id is nobody's, so that nothing tells who is one.
CREATE TABLE reset (
    id TEXT PRIMARY KEY,
    member_id TEXT REFERENCES member (id),
    of_what TEXT NOT NULL CHECK (of_what IN ('password', 'settlement_code')),
    -- HMAC of the code that was sent.
    code_mac TEXT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX reset_expiry ON reset (expires_at);
CREATE INDEX reset_member ON reset (member_id);
