-- The tables in SQLite's dialect (STRICT has no BIGINT); the queries run on PostgreSQL as well.
-- Instants are milliseconds since 1970, positions 1e-7 degrees, amounts minor units.
CREATE TABLE member (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL
) STRICT;

-- Failed log-ins by the digest of the user id that was tried, whether or not there is such a
-- member: a lock must not tell who is one.
CREATE TABLE login_failure (
    user_digest TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until INTEGER NOT NULL
) STRICT;

-- Tokens are kept as their SHA-256 digest: a stolen table opens nothing.
CREATE TABLE session (
    token_digest TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES member (id),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE method (
    member_id TEXT NOT NULL REFERENCES member (id),
    id TEXT NOT NULL,
    place INTEGER NOT NULL,
    definition TEXT NOT NULL,
    held_by TEXT NOT NULL CHECK (held_by IN ('wallet', 'account', 'card')),
    held_id TEXT NOT NULL,
    times_used INTEGER NOT NULL,
    -- The wallet's own balance, or what the operator said last.
    balance INTEGER,
    currency TEXT,
    balance_as_of INTEGER,
    PRIMARY KEY (member_id, id)
) STRICT;

CREATE TABLE store (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    industry TEXT NOT NULL,
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL,
    phone TEXT NOT NULL,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    tile_x INTEGER NOT NULL,
    tile_y INTEGER NOT NULL,
    footprint TEXT NOT NULL,
    level TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- major * 65536 + minor, given once.
    beacon INTEGER NOT NULL UNIQUE,
    attribution TEXT NOT NULL,
    licence TEXT NOT NULL
) STRICT;
CREATE INDEX store_tile ON store (tile_x, tile_y);

CREATE TABLE claim (
    store_id TEXT NOT NULL REFERENCES store (id),
    scheme TEXT NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    acceptance TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (store_id, scheme, channel, source)
) STRICT;

-- Counts the changes to the stores, so that a running server sees an import by another process.
CREATE TABLE register_revision (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO register_revision (only_row, revision) VALUES (1, 0);
