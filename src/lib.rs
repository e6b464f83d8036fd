//! The phone core.
