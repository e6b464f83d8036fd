-- The tables in SQLite's dialect (STRICT has no BIGINT); the queries run on PostgreSQL as well.
-- What is on an account and what is owed on a card are never stored: they are the sums of their
-- bookings. Of a number only its last four digits are kept.
CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    number_end TEXT NOT NULL CHECK (length(number_end) = 4),
    currency TEXT NOT NULL,
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))
) STRICT;

CREATE TABLE card (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    number_end TEXT NOT NULL CHECK (length(number_end) = 4),
    expires_at INTEGER NOT NULL,
    credit_limit INTEGER NOT NULL CHECK (credit_limit >= 0),
    currency TEXT NOT NULL,
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))
) STRICT;

-- Deposits (positive) and withdrawals (negative) of an account.
CREATE TABLE account_booking (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    at INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX account_booking_account ON account_booking (account_id, id);

-- Uses (positive) and repayments (negative) of a card.
CREATE TABLE card_booking (
    id INTEGER PRIMARY KEY,
    card_id TEXT NOT NULL REFERENCES card (id),
    at INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX card_booking_card ON card_booking (card_id, id);
