-- Codes that were sent to the address that a member wants codes to go to from now on.
CREATE TABLE email_change (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES member (id),
    email TEXT NOT NULL,
    -- HMAC of the code that was sent.
    code_mac TEXT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX email_change_expiry ON email_change (expires_at);
CREATE INDEX email_change_member ON email_change (member_id);
