-- The channel that a token is for: a picture of one is worth nothing at a reader, nor the other way round.
ALTER TABLE payment_token ADD COLUMN channel TEXT NOT NULL DEFAULT 'code';

-- A phone hears of each charge that it did not scan itself.
DROP TRIGGER settlement_was_asked_for;
CREATE TRIGGER settlement_was_asked_for AFTER INSERT ON settlement
WHEN new.channel IN ('code', 'contactless')
BEGIN INSERT INTO event (member_id, settlement_id) VALUES (new.member_id, new.id); END;
