-- What terminals want to be paid. The money itself is in the ledger alone.
CREATE TABLE charge (
    -- Made by the terminal.
    id TEXT PRIMARY KEY,
    store_id TEXT NOT NULL REFERENCES store (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    cashier TEXT,
    at INTEGER NOT NULL,
    -- From when on nobody can begin to pay it; earlier when the terminal takes it back.
    ends_at INTEGER NOT NULL
) STRICT;

-- The payment codes that were shown for a charge, by their nonce.
CREATE TABLE charge_code (
    nonce TEXT PRIMARY KEY,
    charge_id TEXT NOT NULL REFERENCES charge (id)
) STRICT;

-- Payments of members: begun here before anything else is done.
CREATE TABLE settlement (
    -- The ledger's transfer, made by the phone.
    id TEXT PRIMARY KEY,
    charge_id TEXT NOT NULL REFERENCES charge (id),
    store_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    method_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('to_approve', 'pending', 'captured', 'failed', 'void')),
    reason TEXT,
    -- When it was captured.
    captured_at INTEGER,
    -- The closing that counted it.
    closing_id TEXT
) STRICT;
CREATE INDEX settlement_member ON settlement (member_id, at);
CREATE INDEX settlement_pending ON settlement (id) WHERE state = 'pending';
CREATE INDEX settlement_to_close ON settlement (store_id)
    WHERE state = 'captured' AND closing_id IS NULL;
-- A charge is paid once.
CREATE UNIQUE INDEX settlement_pays ON settlement (charge_id)
    WHERE state IN ('to_approve', 'pending', 'captured');

CREATE TABLE settlement_refund (
    -- The ledger's transfer, made by the terminal.
    id TEXT PRIMARY KEY,
    settlement_id TEXT NOT NULL REFERENCES settlement (id),
    store_id TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    cashier TEXT,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    closing_id TEXT
) STRICT;
CREATE INDEX settlement_refund_of ON settlement_refund (settlement_id);
CREATE INDEX settlement_refund_pending ON settlement_refund (id) WHERE state = 'pending';
CREATE INDEX settlement_refund_to_close ON settlement_refund (store_id)
    WHERE state = 'done' AND closing_id IS NULL;

-- A store's days, as they were told to its terminal.
CREATE TABLE closing (
    -- Made by the terminal.
    id TEXT PRIMARY KEY,
    store_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- As JSON.
    sums TEXT NOT NULL
) STRICT;

CREATE TRIGGER settlement_ends_once BEFORE UPDATE OF state ON settlement
WHEN old.state IN ('captured', 'failed', 'void') AND new.state <> old.state
BEGIN SELECT RAISE(ABORT, 'a settlement ends once'); END;
CREATE TRIGGER settlement_remains BEFORE DELETE ON settlement
BEGIN SELECT RAISE(ABORT, 'settlements remain'); END;
CREATE TRIGGER settlement_refund_remains BEFORE DELETE ON settlement_refund
BEGIN SELECT RAISE(ABORT, 'refunds remain'); END;

-- Wrong settlement codes in a row; from the tenth on the code can only be reset.
ALTER TABLE member ADD COLUMN settlement_code_failures INTEGER NOT NULL DEFAULT 0;
