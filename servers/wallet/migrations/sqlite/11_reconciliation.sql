-- What operators' day files say, line by line: a file may come again, a line only once.
CREATE TABLE statement_line (
    operator TEXT NOT NULL,
    -- The operator's number of it.
    line INTEGER NOT NULL,
    day TEXT NOT NULL,
    instruction_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    action TEXT NOT NULL,
    -- Above zero where the operator owes it.
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (operator, line)
) STRICT;
CREATE INDEX statement_line_day ON statement_line (operator, day);
CREATE INDEX statement_line_instruction ON statement_line (operator, instruction_id);

-- What was put into suspense for an instruction, or taken out again (below zero): each with a transfer
-- in the ledger. What is there now is the sum.
CREATE TABLE suspense_item (
    transfer_id TEXT PRIMARY KEY,
    operator TEXT NOT NULL,
    instruction_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX suspense_item_instruction ON suspense_item (operator, instruction_id);

CREATE TRIGGER statement_line_stays BEFORE UPDATE ON statement_line
BEGIN SELECT RAISE(ABORT, 'what an operator said is only added to'); END;
CREATE TRIGGER statement_line_remains BEFORE DELETE ON statement_line
BEGIN SELECT RAISE(ABORT, 'what an operator said is only added to'); END;
CREATE TRIGGER suspense_item_stays BEFORE UPDATE ON suspense_item
BEGIN SELECT RAISE(ABORT, 'suspense is only added to'); END;
CREATE TRIGGER suspense_item_remains BEFORE DELETE ON suspense_item
BEGIN SELECT RAISE(ABORT, 'suspense is only added to'); END;
