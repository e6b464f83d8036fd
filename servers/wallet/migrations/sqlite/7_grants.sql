-- What opens the account or card at its operator, sealed with a key that is not in this database.
-- Without one the operator opens nothing, and the member links it anew.
ALTER TABLE method ADD COLUMN grant_sealed BLOB;
