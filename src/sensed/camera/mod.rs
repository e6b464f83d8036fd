//! Camera plane to text.
