-- What a settlement takes the money from, kept when the member agrees: the wallet by its owner in the
-- ledger, or an account or card by its operator's name and id.
ALTER TABLE settlement ADD COLUMN operator TEXT;
ALTER TABLE settlement ADD COLUMN held_by TEXT CHECK (held_by IN ('wallet', 'account', 'card'));
ALTER TABLE settlement ADD COLUMN held_id TEXT;
-- When the operator took the money, by its clock.
ALTER TABLE settlement ADD COLUMN taken_at INTEGER;
-- The till or the member wants it no more, though the member had agreed: whether that came in time is
-- the operator's to say.
ALTER TABLE settlement ADD COLUMN given_up INTEGER NOT NULL DEFAULT 0 CHECK (given_up IN (0, 1));
-- When the operator gave the money back, by its clock.
ALTER TABLE settlement_refund ADD COLUMN taken_at INTEGER;
CREATE INDEX settlement_taken ON settlement (operator, taken_at) WHERE taken_at IS NOT NULL;
CREATE INDEX settlement_refund_taken ON settlement_refund (taken_at) WHERE taken_at IS NOT NULL;

-- So far only the wallet's own money paid.
UPDATE settlement SET held_by = 'wallet', held_id = COALESCE(
    (SELECT held_id FROM method WHERE member_id = settlement.member_id AND id = method_id), '')
WHERE state IN ('pending', 'captured');
