-- A device on which a member logs in who has another pays nothing for a day, or until another agrees.
ALTER TABLE device ADD COLUMN is_new INTEGER NOT NULL DEFAULT 0;

-- Up to so much, and so often a day, the unlocked phone that shows a code is the member's agreement.
CREATE TABLE unlock_limit (
    member_id TEXT PRIMARY KEY REFERENCES member (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL,
    a_day INTEGER NOT NULL CHECK (a_day > 0)
) STRICT;
-- Whether it was agreed to so.
ALTER TABLE settlement ADD COLUMN unlocked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX settlement_unlocked ON settlement (member_id, at) WHERE unlocked = 1;
