//! Work that is done again until it is known what became of it: one task for each id, however many ask
//! for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use server_kit::random_bytes;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::wallets::NotKnown;

/// What is under way. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pursuits(
    /// Holds exactly the ids that have a task.
    Arc<Mutex<HashMap<Uuid, Pursuit>>>,
);

#[derive(Clone)]
struct Pursuit {
    look: Arc<Notify>,
    ended: watch::Receiver<bool>,
}

impl Pursuits {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Pursuit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `attempt` made, with the number of tries before it, until it says what became of `id`; the
    /// answer tells when. What has a task already gets no second one.
    pub fn pursue<F>(
        &self,
        id: Uuid,
        attempt: impl Fn(u32) -> F + Send + Sync + 'static,
    ) -> watch::Receiver<bool>
    where
        F: Future<Output = Result<(), NotKnown>> + Send,
    {
        let mut pursued = self.lock();
        if let Some(pursuit) = pursued.get(&id) {
            return pursuit.ended.clone();
        }
        let (end, ended) = watch::channel(false);
        let look = Arc::new(Notify::new());
        pursued.insert(id, Pursuit { look: Arc::clone(&look), ended: ended.clone() });
        let pursuits = self.clone();
        tokio::spawn(async move {
            follow(attempt, &look).await;
            pursuits.lock().remove(&id);
            let _ = end.send(true);
        });
        ended
    }

    /// Something was heard of `id`: it is tried again at once, if it has not ended.
    pub fn look(&self, id: Uuid) {
        if let Some(pursuit) = self.lock().get(&id) {
            pursuit.look.notify_one();
        }
    }
}

/// How long somebody is let wait for the outcome before being told that it is not known yet.
const LONGEST_WAIT: Duration = Duration::from_secs(6);

/// Waits until what is pursued has ended, or long enough.
pub async fn within(mut ended: watch::Receiver<bool>) {
    let _ = tokio::time::timeout(LONGEST_WAIT, ended.wait_for(|ended| *ended)).await;
}

async fn follow<F>(attempt: impl Fn(u32) -> F, look: &Notify)
where
    F: Future<Output = Result<(), NotKnown>>,
{
    for tries in 0.. {
        match attempt(tries).await {
            Ok(()) | Err(NotKnown::Ever) => return,
            Err(NotKnown::Yet) => {}
        }
        let chance = random_bytes::<1>().map_or(1.0, |[byte]| f64::from(byte) / 255.0);
        let _ = tokio::time::timeout(wait(tries, chance), look.notified()).await;
    }
}

/// How long after the try number `tries` (from 0) the next one is, at `chance` of 0 to 1: twice as
/// long each time, from half a second to a minute.
fn wait(tries: u32, chance: f64) -> Duration {
    let most = 500_u64.saturating_mul(1 << tries.min(10)).min(60_000);
    Duration::from_millis(most / 2)
        + Duration::from_millis(most / 2).mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn waits_grow_to_a_minute_and_no_further() {
        assert_eq!(wait(0, 0.0), Duration::from_millis(250));
        assert_eq!(wait(0, 1.0), Duration::from_millis(500));
        assert_eq!(wait(u32::MAX, 1.0), Duration::from_secs(60));
        assert_eq!(wait(3, f64::INFINITY), Duration::from_secs(4));
    }

    #[tokio::test]
    async fn two_who_ask_share_one_task_that_tries_until_it_is_known() {
        let (pursuits, tried) = (Pursuits::default(), Arc::new(AtomicU32::new(0)));
        let attempt = |tried: Arc<AtomicU32>| {
            move |tries| {
                tried.fetch_add(1, Ordering::SeqCst);
                std::future::ready(if tries < 2 { Err(NotKnown::Yet) } else { Ok(()) })
            }
        };
        let id = Uuid::from_u128(1);
        let mut first = pursuits.pursue(id, attempt(Arc::clone(&tried)));
        let mut second = pursuits.pursue(id, attempt(Arc::clone(&tried)));
        pursuits.look(id);
        first.wait_for(|ended| *ended).await.unwrap();
        second.wait_for(|ended| *ended).await.unwrap();
        assert_eq!(tried.load(Ordering::SeqCst), 3);
        assert!(pursuits.lock().is_empty());
    }
}
