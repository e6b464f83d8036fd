-- The keys with which store terminals come, as their SHA-256 digest. A new key voids the old one.
CREATE TABLE terminal (
    store_id TEXT PRIMARY KEY REFERENCES store (id),
    key_digest TEXT NOT NULL
) STRICT;

-- The store's Wi-Fi access points: a JSON list of addresses.
ALTER TABLE store ADD COLUMN access_points TEXT NOT NULL DEFAULT '[]';
