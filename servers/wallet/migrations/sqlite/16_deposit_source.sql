-- Which account or card the member chose to take deposits from; without a choice it is the first.
ALTER TABLE method ADD COLUMN deposit_source INTEGER NOT NULL DEFAULT 0
    CHECK (deposit_source IN (0, 1));
CREATE UNIQUE INDEX method_deposit_source ON method (member_id) WHERE deposit_source = 1;
