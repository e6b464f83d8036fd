-- The authorisations that have not ended, so that what is reserved on a card takes as long to read however much
-- it was used.
CREATE TABLE reserved (
    id TEXT PRIMARY KEY REFERENCES instruction (id),
    held_by TEXT NOT NULL,
    held_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    amount INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reserved_held ON reserved (held_id, at);
INSERT INTO reserved (id, held_by, held_id, at, amount)
    SELECT a.id, a.held_by, a.held_id, a.at, a.amount FROM instruction a
    WHERE a.action = 'authorise' AND a.declined IS NULL
        AND NOT EXISTS (SELECT 1 FROM instruction e WHERE e.of_id = a.id AND e.declined IS NULL
            AND e.action IN ('capture', 'void'));

CREATE TRIGGER instruction_reserves AFTER INSERT ON instruction
WHEN NEW.action = 'authorise' AND NEW.declined IS NULL
BEGIN
    INSERT INTO reserved (id, held_by, held_id, at, amount)
    VALUES (NEW.id, NEW.held_by, NEW.held_id, NEW.at, NEW.amount);
END;
CREATE TRIGGER instruction_frees AFTER INSERT ON instruction
WHEN NEW.action IN ('capture', 'void') AND NEW.declined IS NULL
BEGIN
    DELETE FROM reserved WHERE id = NEW.of_id;
END;
DROP INDEX instruction_held;
