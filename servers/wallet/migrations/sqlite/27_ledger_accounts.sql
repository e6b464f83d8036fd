-- An account has a number, so that an entry is a short row at the end of its table and finds its place
-- by a short key: written by name, each entry of a group changed a page of its own.
CREATE TABLE ledger_account (
    -- Below zero for members' wallets alone: an entry's row shows by itself which law holds for it.
    id INTEGER PRIMARY KEY CHECK (id <> 0),
    name TEXT NOT NULL UNIQUE,
    CHECK ((id < 0) = (name LIKE 'member:%'))
) STRICT;
INSERT INTO ledger_account (id, name)
    SELECT CASE WHEN account LIKE 'member:%' THEN -nth ELSE nth END, account
    FROM (SELECT account, ROW_NUMBER() OVER (ORDER BY account) AS nth
          FROM (SELECT DISTINCT account FROM ledger_entry));

DROP VIEW ledger_standing;
DROP TRIGGER ledger_entry_stays;
DROP TRIGGER ledger_entry_remains;
ALTER TABLE ledger_entry RENAME TO ledger_entry_by_name;

-- Two writers cannot both add the same number to an account: the second begins again.
CREATE TABLE ledger_entry (
    account INTEGER NOT NULL REFERENCES ledger_account (id),
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
    UNIQUE (account, number),
    -- A member's wallet never falls below zero, with what is reserved.
    CHECK (account > 0 OR credits_posted - debits_posted >= debits_pending)
) STRICT;
INSERT INTO ledger_entry (account, number, transfer_id, side, posted, pending, debits_posted,
        credits_posted, debits_pending, credits_pending, hash)
    SELECT a.id, e.number, e.transfer_id, e.side, e.posted, e.pending, e.debits_posted,
        e.credits_posted, e.debits_pending, e.credits_pending, e.hash
    FROM ledger_entry_by_name e LEFT JOIN ledger_account a ON a.name = e.account
    ORDER BY e.account, e.number;
DROP TABLE ledger_entry_by_name;

CREATE TRIGGER ledger_account_stays BEFORE UPDATE ON ledger_account
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_account_remains BEFORE DELETE ON ledger_account
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_entry_stays BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER ledger_entry_remains BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- Where each account stands, read off its last entry.
CREATE VIEW ledger_standing (account, available) AS
SELECT a.name, last.credits_posted - last.debits_posted - last.debits_pending
FROM ledger_account a JOIN ledger_entry last ON last.account = a.id
WHERE last.number = (SELECT MAX(number) FROM ledger_entry WHERE account = a.id);
