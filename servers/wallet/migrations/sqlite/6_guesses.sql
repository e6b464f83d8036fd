-- The oldest wrong guesses are forgotten first.
CREATE INDEX login_failure_age ON login_failure (locked_until);
