-- By what providers reach members' devices: sealed, with what finds one without opening it.
CREATE TABLE push_token (
    device_digest TEXT PRIMARY KEY REFERENCES device (token_digest) ON DELETE CASCADE,
    service TEXT NOT NULL,
    sealed BLOB NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    -- Of the log-in that registered it, with which it goes.
    family TEXT,
    -- The newest event that the device was told of.
    told INTEGER NOT NULL,
    -- How often its provider took nothing since, and when it is tried again.
    tries INTEGER NOT NULL DEFAULT 0,
    again_at INTEGER
) STRICT;
CREATE INDEX push_token_again ON push_token (again_at) WHERE again_at IS NOT NULL;

-- Events tell of settlements, and of refunds and deposits, which have ids of their own.
ALTER TABLE event RENAME COLUMN settlement_id TO of_id;
ALTER TABLE event ADD COLUMN kind TEXT NOT NULL DEFAULT 'settlement'
    CHECK (kind IN ('settlement', 'refund', 'deposit'));
CREATE TRIGGER refund_was_made AFTER UPDATE OF state ON settlement_refund
WHEN new.state = 'done' AND old.state <> 'done'
BEGIN
    INSERT INTO event (member_id, of_id, kind) SELECT m.id, new.id, 'refund'
    FROM settlement s JOIN member m ON m.id = s.member_id WHERE s.id = new.settlement_id;
END;
CREATE TRIGGER deposit_ended AFTER UPDATE OF state ON deposit
WHEN new.state IN ('done', 'failed') AND old.state <> new.state
BEGIN INSERT INTO event (member_id, of_id, kind) VALUES (new.member_id, new.id, 'deposit'); END;
