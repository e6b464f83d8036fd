-- When the source of a store last changed its record: an older file never overwrites a newer one.
ALTER TABLE store ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
