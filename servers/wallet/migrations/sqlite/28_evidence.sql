-- What was said or seen of a store, each with where it comes from. A store's claims are what it comes to.
CREATE TABLE evidence (
    store_id TEXT NOT NULL REFERENCES store (id),
    scheme TEXT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    -- Which one of its kind: the list, the extract.
    named TEXT NOT NULL,
    -- When it was true.
    at INTEGER NOT NULL,
    -- Log-odds in hundredths: above 0 for its being taken.
    weight INTEGER NOT NULL,
    PRIMARY KEY (store_id, scheme, channel, source, named)
) STRICT;
CREATE INDEX evidence_source ON evidence (named, source, store_id);

-- The chain that its record names, and the country that it is in, also where its address does not say so.
ALTER TABLE store ADD COLUMN brand TEXT NOT NULL DEFAULT '';
ALTER TABLE store ADD COLUMN country_code TEXT NOT NULL DEFAULT '';
UPDATE store SET country_code = country WHERE length(country) = 2;

-- Claims stand in the row as `scheme channel source acceptance as_of`, parted by commas.
WITH RECURSIVE part (id, named, claim, rest) AS (
    SELECT id, source, '', claims || ',' FROM store WHERE claims <> ''
    UNION ALL
    SELECT id, named, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1)
    FROM part WHERE rest <> ''
), first AS (
    SELECT id, named, substr(claim, 1, instr(claim, ' ') - 1) AS scheme, substr(claim, instr(claim, ' ') + 1) AS rest
    FROM part WHERE claim <> ''
), second AS (
    SELECT id, named, scheme, substr(rest, 1, instr(rest, ' ') - 1) AS channel,
        substr(rest, instr(rest, ' ') + 1) AS rest FROM first
), third AS (
    SELECT id, named, scheme, channel, substr(rest, 1, instr(rest, ' ') - 1) AS source,
        substr(rest, instr(rest, ' ') + 1) AS rest FROM second
), fourth AS (
    SELECT id, named, scheme, channel, source, substr(rest, 1, instr(rest, ' ') - 1) AS acceptance,
        CAST(substr(rest, instr(rest, ' ') + 1) AS INTEGER) AS at FROM third
)
INSERT OR IGNORE INTO evidence (store_id, scheme, channel, source, named, at, weight)
SELECT id, scheme, channel, source, CASE source WHEN 'store' THEN 'store' ELSE named END, at,
    CASE source WHEN 'store' THEN 600 ELSE 460 END * CASE acceptance WHEN 'accepted' THEN 1 ELSE -1 END
FROM fourth
WHERE source IN ('store', 'register', 'open_street_map') AND acceptance IN ('accepted', 'refused');
