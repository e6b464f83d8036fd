-- The public keys by which devices agree to payments; one goes with its device.
CREATE TABLE approval_key (
    device_digest TEXT PRIMARY KEY REFERENCES device (token_digest) ON DELETE CASCADE,
    -- Whoever else uses the device later does not agree by it.
    member_id TEXT NOT NULL REFERENCES member (id),
    -- An uncompressed point on P-256, hexadecimal.
    public_key TEXT NOT NULL
) STRICT;
CREATE INDEX approval_key_member ON approval_key (member_id);
