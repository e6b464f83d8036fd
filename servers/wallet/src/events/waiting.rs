//! The calls that wait for events, so that one that is written here is told at once.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, futures::OwnedNotified};

/// Most calls of one member that wait at once: one for each phone, and some that nobody hears any more.
const MOST: usize = 8;

/// All calls that wait. Cheap to clone.
#[derive(Clone, Default)]
pub struct Waiting {
    /// By member; who has no call that waits is not in it. Held only to look and to change it.
    members: Arc<Mutex<HashMap<String, Member>>>,
}

#[derive(Default)]
struct Member {
    calls: usize,
    news: Arc<Notify>,
}

/// One call that waits.
pub struct Call {
    waiting: Waiting,
    member_id: String,
    news: Arc<Notify>,
}

impl Waiting {
    /// A call of the member begins to wait; `None` when too many do.
    pub fn enter(&self, member_id: &str) -> Option<Call> {
        let mut members = self.members();
        let member = members.entry(member_id.to_owned()).or_default();
        if member.calls >= MOST {
            return None;
        }
        member.calls += 1;
        let news = Arc::clone(&member.news);
        Some(Call { waiting: self.clone(), member_id: member_id.to_owned(), news })
    }

    /// Something happened that the member's phones should hear.
    pub fn wake(&self, member_id: &str) {
        if let Some(member) = self.members().get(member_id) {
            member.news.notify_waiters();
        }
    }

    fn members(&self) -> MutexGuard<'_, HashMap<String, Member>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// Ends at the next [`Waiting::wake`] after this call.
    pub fn news(&self) -> Pin<Box<OwnedNotified>> {
        let mut news = Box::pin(Arc::clone(&self.news).notified_owned());
        news.as_mut().enable();
        news
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut members = self.waiting.members();
        if let Some(member) = members.get_mut(&self.member_id) {
            member.calls -= 1;
            if member.calls == 0 {
                members.remove(&self.member_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_hears_its_own_members_news_and_leaves_nothing_behind() {
        let waiting = Waiting::default();
        let call = waiting.enter("giulia").unwrap();
        let news = call.news();
        waiting.wake("kenji");
        waiting.wake("giulia");
        news.await;
        drop(call);
        assert!(waiting.members().is_empty());
    }

    #[test]
    fn one_member_does_not_fill_the_server_with_waiting_calls() {
        let waiting = Waiting::default();
        let calls: Vec<Call> = (0..MOST).map_while(|_| waiting.enter("giulia")).collect();
        assert_eq!(calls.len(), MOST);
        assert!(waiting.enter("giulia").is_none());
        assert!(waiting.enter("kenji").is_some(), "others are let in");
        drop(calls);
        assert!(waiting.enter("giulia").is_some());
    }
}
