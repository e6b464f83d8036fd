-- Written to see whether the disk still takes writes.
CREATE TABLE health (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    checks INTEGER NOT NULL
) STRICT;
INSERT INTO health (only_row, checks) VALUES (1, 0);
