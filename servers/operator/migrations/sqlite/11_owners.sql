-- Whose an account or a card is, as on its statement; empty where nobody said.
ALTER TABLE account ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE card ADD COLUMN owner TEXT NOT NULL DEFAULT '';
