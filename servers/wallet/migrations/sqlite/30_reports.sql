-- Who was given a credential to report with. The server never sees which: it evaluates a blinded secret.
CREATE TABLE report_credential (
    member_id TEXT NOT NULL REFERENCES member (id),
    week INTEGER NOT NULL,
    -- SHA-256 of what was evaluated: the same again is answered again, another one is not.
    blinded TEXT NOT NULL,
    closes_at INTEGER NOT NULL,
    PRIMARY KEY (member_id, week)
) STRICT;
CREATE INDEX report_credential_closes_at ON report_credential (closes_at);

-- Digests of what was reported: an equal one is the same vote. Nothing leads from one to another.
CREATE TABLE report_vote (
    digest TEXT PRIMARY KEY,
    closes_at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_vote_closes_at ON report_vote (closes_at);

-- How many reports a credential has made on a day.
CREATE TABLE report_day (
    digest TEXT PRIMARY KEY,
    reports INTEGER NOT NULL,
    closes_at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_day_closes_at ON report_day (closes_at);

-- What members reported, by week.
CREATE TABLE report_sum (
    store_id TEXT NOT NULL REFERENCES store (id),
    -- Both empty: that the store takes cash alone.
    scheme TEXT NOT NULL,
    channel TEXT NOT NULL,
    week INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    -- By how many who proved that they were there, and by how many others.
    present INTEGER NOT NULL,
    others INTEGER NOT NULL,
    PRIMARY KEY (store_id, scheme, channel, week, taken)
) STRICT;
CREATE INDEX report_sum_week ON report_sum (week);
