-- At which operator an account or card is, by the operator's name; the one before it was kept is what
-- an operator calls itself unless it is told otherwise.
ALTER TABLE method ADD COLUMN operator TEXT NOT NULL DEFAULT 'operator';
