-- The key a session is bound to (RFC 7638 thumbprint), and the family of refresh tokens it comes from;
-- absent for sessions that whoever holds the token may use.
ALTER TABLE session ADD COLUMN key_thumbprint TEXT;
ALTER TABLE session ADD COLUMN family TEXT;
CREATE INDEX session_family ON session (family);

-- Refresh tokens by their SHA-256 digest: each is good once, and makes its successor.
CREATE TABLE refresh (
    token_digest TEXT PRIMARY KEY,
    family TEXT NOT NULL,
    member_id TEXT NOT NULL REFERENCES member (id),
    device_digest TEXT NOT NULL REFERENCES device (token_digest) ON DELETE CASCADE,
    key_thumbprint TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    -- When it was used, and by which digest it was followed.
    used_at INTEGER,
    successor TEXT
) STRICT;
CREATE INDEX refresh_family ON refresh (family);
CREATE INDEX refresh_expiry ON refresh (expires_at);
CREATE INDEX refresh_device ON refresh (device_digest);
CREATE INDEX refresh_member ON refresh (member_id);
