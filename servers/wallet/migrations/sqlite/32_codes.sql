-- Which schemes the codes name that members scanned on a store's counter, by week.
CREATE TABLE code_sum (
    store_id TEXT NOT NULL REFERENCES store (id),
    scheme TEXT NOT NULL,
    week INTEGER NOT NULL,
    -- By how many who proved that they were there, and by how many others.
    present INTEGER NOT NULL,
    others INTEGER NOT NULL,
    PRIMARY KEY (store_id, scheme, week)
) STRICT;
CREATE INDEX code_sum_week ON code_sum (week);
