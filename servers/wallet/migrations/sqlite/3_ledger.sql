-- The ledger: rows are added and never changed or removed. What they mean: the crate `ledger`.
CREATE TABLE ledger_transfer (
    id TEXT PRIMARY KEY,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6),
    debit TEXT NOT NULL,
    credit TEXT NOT NULL CHECK (credit <> debit),
    amount INTEGER NOT NULL CHECK (amount > 0),
    released INTEGER NOT NULL CHECK (released >= 0),
    -- The transfer it ends or refunds.
    of_id TEXT REFERENCES ledger_transfer (id),
    at INTEGER NOT NULL,
    expires_at INTEGER,
    content BLOB NOT NULL CHECK (length(content) = 32)
) STRICT;
CREATE INDEX ledger_transfer_of ON ledger_transfer (of_id) WHERE of_id IS NOT NULL;
-- Post, void and expire: a pending transfer ends once.
CREATE UNIQUE INDEX ledger_ends_once ON ledger_transfer (of_id) WHERE kind IN (3, 4, 5);

-- Two writers cannot both add the same number to an account: the second begins again.
CREATE TABLE ledger_entry (
    account TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    transfer_id TEXT NOT NULL REFERENCES ledger_transfer (id),
    side INTEGER NOT NULL CHECK (side IN (1, 2)),
    posted INTEGER NOT NULL CHECK (posted >= 0),
    pending INTEGER NOT NULL,
    debits_posted INTEGER NOT NULL CHECK (debits_posted >= 0),
    credits_posted INTEGER NOT NULL CHECK (credits_posted >= 0),
    debits_pending INTEGER NOT NULL CHECK (debits_pending >= 0),
    credits_pending INTEGER NOT NULL CHECK (credits_pending >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (account, number),
    -- A member's wallet never falls below zero, with what is reserved.
    CHECK (account NOT LIKE 'member:%' OR credits_posted - debits_posted >= debits_pending)
) STRICT, WITHOUT ROWID;

-- Ids that failed for good.
CREATE TABLE ledger_refusal (
    id TEXT PRIMARY KEY,
    content BLOB NOT NULL CHECK (length(content) = 32),
    refusal INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER ledger_transfer_stays BEFORE UPDATE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_transfer_remains BEFORE DELETE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_entry_remains BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_refusal_stays BEFORE UPDATE ON ledger_refusal
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_refusal_remains BEFORE DELETE ON ledger_refusal
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- Where each account stands, read off its last entry.
CREATE VIEW ledger_standing (account, available) AS
SELECT account, credits_posted - debits_posted - debits_pending
FROM ledger_entry AS last
WHERE number = (SELECT MAX(number) FROM ledger_entry WHERE account = last.account);
