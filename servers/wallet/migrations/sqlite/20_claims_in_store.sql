-- A store's claims stand in its row, since they are read and replaced together: one line of words
-- for each, parted by commas, in their order.
ALTER TABLE store ADD COLUMN claims TEXT NOT NULL DEFAULT '';
UPDATE store SET claims = COALESCE((SELECT string_agg(
        scheme || ' ' || channel || ' ' || source || ' ' || acceptance || ' ' || CAST(as_of AS TEXT),
        ',' ORDER BY place)
    FROM claim WHERE store_id = store.id), '');
DROP TABLE claim;
