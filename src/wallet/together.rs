//! Calls that make one round trip of the network together: each waits on a thread of its own, for that is
//! what a transport can be lent as.

use std::{panic, thread};

/// What `call` gives for each of `asked`, in their order; a single one is called on this thread, and any
/// for which the system gives no other.
pub(super) fn together<A: Sync, T: Send>(asked: &[A], call: impl Fn(&A) -> T + Sync) -> Vec<T> {
    let Some((last, others)) = asked.split_last() else { return Vec::new() };
    let call = &call;
    thread::scope(|scope| {
        let begin = |one| {
            let named = thread::Builder::new().name("tillsight-call".to_owned());
            named.spawn_scoped(scope, move || call(one))
        };
        let begun: Vec<_> = others.iter().map(|one| (one, begin(one))).collect();
        let last = call(last);
        let answers = begun.into_iter().map(|(one, begun)| match begun {
            Ok(thread) => thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)),
            Err(_) => call(one),
        });
        answers.collect::<Vec<_>>().into_iter().chain([last]).collect()
    })
}
