//! The transfers this phone asked for, from before the first send until the truth is known. Comes in:
//! what the member asks under an id that was made first, and what the wallet server says. Goes out:
//! what to do next. Must not know: HTTP, threads, the clock.

mod heard;
mod outbox;
mod payment;
mod payment_rows;
mod retry;
mod transfer;

#[cfg(test)]
mod payment_model;
#[cfg(test)]
mod payment_tests;
#[cfg(test)]
mod tests;

pub(crate) use outbox::{NotWritten, Outbox, OutboxError};
pub(crate) use payment::{Payment, PaymentAnswer, PaymentFailure, PaymentStage, PaymentStep};
pub(crate) use retry::Retries;
pub(crate) use transfer::{Answer, Failure, Stage, Step, Transfer};
