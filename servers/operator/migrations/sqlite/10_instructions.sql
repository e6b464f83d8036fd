-- What the wallet company instructed, done or declined: rows are added and never changed or removed.
CREATE TABLE instruction (
    -- Grows with every instruction: the line of a day file.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    reference TEXT NOT NULL,
    action TEXT NOT NULL
        CHECK (action IN ('authorise', 'capture', 'void', 'refund', 'deposit', 'withdraw')),
    -- SHA-256 of what was asked; none for an authorisation that was voided before it came.
    content TEXT,
    held_by TEXT CHECK (held_by IN ('account', 'card')),
    held_id TEXT,
    -- The authorisation it captures, voids or refunds.
    of_id TEXT,
    amount INTEGER CHECK (amount > 0),
    currency TEXT,
    at INTEGER NOT NULL,
    declined TEXT
) STRICT;
CREATE INDEX instruction_of ON instruction (of_id) WHERE of_id IS NOT NULL;
CREATE INDEX instruction_held ON instruction (held_id, at) WHERE action = 'authorise';
CREATE INDEX instruction_at ON instruction (at);
-- An authorisation ends once.
CREATE UNIQUE INDEX instruction_ends_once ON instruction (of_id)
    WHERE action IN ('capture', 'void') AND declined IS NULL;

CREATE TRIGGER instruction_stays BEFORE UPDATE ON instruction
BEGIN SELECT RAISE(ABORT, 'instructions are only added to'); END;
CREATE TRIGGER instruction_remains BEFORE DELETE ON instruction
BEGIN SELECT RAISE(ABORT, 'instructions are only added to'); END;

-- The instruction a booking comes from; none for what the seed put there.
ALTER TABLE account_booking ADD COLUMN instruction_id TEXT;
CREATE UNIQUE INDEX account_booking_instruction ON account_booking (instruction_id)
    WHERE instruction_id IS NOT NULL;
ALTER TABLE card_booking ADD COLUMN instruction_id TEXT;
CREATE UNIQUE INDEX card_booking_instruction ON card_booking (instruction_id)
    WHERE instruction_id IS NOT NULL;

-- Confirmations on their way to the wallet company, until it took them.
CREATE TABLE callback (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    -- Signed wrongly, to see that the wallet company notices (sandbox).
    spoiled INTEGER NOT NULL CHECK (spoiled IN (0, 1)),
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER
) STRICT;
CREATE INDEX callback_due ON callback (due_at) WHERE delivered_at IS NULL;
