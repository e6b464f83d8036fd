-- The cell of the grid at zoom 15 by its number along the Z-order curve: the bits of the column and of the
-- row in turn.
ALTER TABLE store ADD COLUMN cell INTEGER NOT NULL DEFAULT 0;
UPDATE store SET cell =
    (SELECT (b | (b << 1)) & 1431655765 FROM
    (SELECT (b | (b << 2)) & 858993459 AS b FROM
    (SELECT (b | (b << 4)) & 252645135 AS b FROM
    (SELECT (tile_x | (tile_x << 8)) & 16711935 AS b))))
    | ((SELECT (b | (b << 1)) & 1431655765 FROM
    (SELECT (b | (b << 2)) & 858993459 AS b FROM
    (SELECT (b | (b << 4)) & 252645135 AS b FROM
    (SELECT (tile_y | (tile_y << 8)) & 16711935 AS b)))) << 1);
DROP INDEX store_tile;
ALTER TABLE store DROP COLUMN tile_x;
ALTER TABLE store DROP COLUMN tile_y;

-- As which revision of the register it was told last; NULL since it changed and was not told.
ALTER TABLE store ADD COLUMN revision INTEGER;
UPDATE store SET revision = (SELECT revision FROM register_revision);
CREATE INDEX store_untold ON store (id) WHERE revision IS NULL;

-- A closed store stays for what was paid there, and is told to nobody.
ALTER TABLE store ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX store_cell ON store (cell) WHERE closed = 0;

-- The cells that stores were in once and are not any more.
CREATE TABLE store_gone (
    id TEXT NOT NULL REFERENCES store (id),
    cell INTEGER NOT NULL,
    -- As in `store`.
    revision INTEGER,
    PRIMARY KEY (id, cell)
) STRICT;
CREATE INDEX store_gone_cell ON store_gone (cell);

-- The revisions that this register has had. One that a backup was put back over is none of them.
CREATE TABLE register_history (
    revision INTEGER PRIMARY KEY
) STRICT;
INSERT INTO register_history (revision) SELECT revision FROM register_revision;
