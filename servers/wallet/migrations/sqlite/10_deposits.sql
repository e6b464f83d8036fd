-- Deposits: begun here before anything else is done, and pursued until they have ended. The money
-- itself is in the ledger alone.
CREATE TABLE deposit (
    -- The transfer's id, made by the phone.
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    -- The operator's name in the ledger.
    operator TEXT NOT NULL,
    method_id TEXT NOT NULL,
    held_by TEXT NOT NULL CHECK (held_by IN ('account', 'card')),
    held_id TEXT NOT NULL,
    wallet_id TEXT NOT NULL,
    -- The wallet's account in the ledger.
    wallet_owner TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    reason TEXT,
    -- When the operator took the money, by its clock.
    taken_at INTEGER,
    -- What the phone was answered first, as JSON, and is answered again.
    answer TEXT
) STRICT;
CREATE INDEX deposit_member ON deposit (member_id, at);
CREATE INDEX deposit_pending ON deposit (id) WHERE state = 'pending';
CREATE INDEX deposit_taken ON deposit (operator, taken_at) WHERE taken_at IS NOT NULL;

CREATE TRIGGER deposit_ends_once BEFORE UPDATE OF state ON deposit
WHEN old.state <> 'pending' AND new.state <> old.state
BEGIN SELECT RAISE(ABORT, 'a deposit ends once'); END;
CREATE TRIGGER deposit_remains BEFORE DELETE ON deposit
BEGIN SELECT RAISE(ABORT, 'deposits remain'); END;
