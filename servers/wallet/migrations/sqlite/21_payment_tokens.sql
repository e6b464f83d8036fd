-- Tokens that members' phones show to tills. They themselves are nowhere: only what finds them.
CREATE TABLE payment_token (
    -- The settlement's, made by the phone.
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    member_id TEXT NOT NULL,
    method_id TEXT NOT NULL,
    device_digest TEXT,
    -- From when on no till can charge it; earlier when the member takes it back.
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_token_member ON payment_token (member_id, expires_at);

-- The token that was charged, and the device that showed it: it alone approves.
ALTER TABLE charge ADD COLUMN token_digest TEXT;
ALTER TABLE settlement ADD COLUMN device_digest TEXT;
-- A token is charged once.
CREATE UNIQUE INDEX charge_token ON charge (token_digest) WHERE token_digest IS NOT NULL;

-- What a member's phones are told of: ids alone, the newest hundred of each member.
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL
) STRICT;
CREATE INDEX event_member ON event (member_id, id);

-- Written with what they tell of, whoever changes that.
CREATE TRIGGER settlement_was_asked_for AFTER INSERT ON settlement WHEN new.channel = 'code'
BEGIN INSERT INTO event (member_id, settlement_id) VALUES (new.member_id, new.id); END;
CREATE TRIGGER settlement_ended AFTER UPDATE OF state ON settlement
WHEN new.state IN ('captured', 'failed', 'void') AND old.state <> new.state
BEGIN INSERT INTO event (member_id, settlement_id) VALUES (new.member_id, new.id); END;
CREATE TRIGGER event_is_bounded AFTER INSERT ON event
BEGIN
    DELETE FROM event WHERE member_id = new.member_id AND id <=
        (SELECT id FROM event WHERE member_id = new.member_id ORDER BY id DESC LIMIT 1 OFFSET 100);
END;
