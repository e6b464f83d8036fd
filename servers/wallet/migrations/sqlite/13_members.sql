-- Who a member is, as JSON; absent for members that were seeded.
ALTER TABLE member ADD COLUMN profile TEXT;
-- From what device the member joined, as JSON.
ALTER TABLE member ADD COLUMN joined_on TEXT;
-- Argon2id with a pepper that is not in this database.
ALTER TABLE member ADD COLUMN settlement_code_hash TEXT;

-- Persons who asked to become members and have not proven their contact yet.
CREATE TABLE registration (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    settlement_code_hash TEXT NOT NULL,
    profile TEXT NOT NULL,
    joined_on TEXT NOT NULL,
    -- HMAC of the code that was sent.
    code_mac TEXT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX registration_expiry ON registration (expires_at);

-- What became of each membership, under the member's pseudonym: it outlives the member's row.
CREATE TABLE member_event (
    member_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL
) STRICT;
CREATE INDEX member_event_member ON member_event (member_id, at);
CREATE TRIGGER member_event_stays BEFORE UPDATE ON member_event
BEGIN SELECT RAISE(ABORT, 'the registration history is only added to'); END;
CREATE TRIGGER member_event_remains BEFORE DELETE ON member_event
BEGIN SELECT RAISE(ABORT, 'the registration history is only added to'); END;

-- The one place with addresses of the network, kept for days.
CREATE TABLE security_log (
    at INTEGER NOT NULL,
    member_id TEXT,
    what TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;
CREATE INDEX security_log_at ON security_log (at);
CREATE INDEX security_log_member ON security_log (member_id, at);

-- Wallets that have no account in the ledger yet.
CREATE INDEX method_unopened ON method (member_id) WHERE held_by = 'wallet' AND held_id = '';
