-- What accounts and cards paid, as the history tells it.
CREATE INDEX settlement_captured ON settlement (member_id, captured_at, id)
    WHERE state = 'captured' AND held_by IN ('account', 'card');
