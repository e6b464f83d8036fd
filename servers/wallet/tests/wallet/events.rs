//! Events: what a member's phone hears while a call of it waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::wire::{EventOf, Events};
use reqwest::{Method, StatusCode};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::settlements::{CODE, Till, code_of};

impl Till {
    async fn events(&self, query: &str) -> Events {
        let path = format!("/v1/events{query}");
        self.world.call(Method::GET, &path, &self.token).await.json().await.unwrap()
    }
}

fn settlements(events: &Events) -> Vec<u128> {
    let settlement = |of| match of {
        EventOf::Settlement(id) => id.as_u128(),
        EventOf::Refund(_) | EventOf::Deposit(_) => panic!("{events:?}"),
    };
    events.events.iter().map(|event| settlement(event.of)).collect()
}

#[tokio::test]
async fn a_phone_that_waits_hears_of_a_charge_and_of_the_end_of_its_payment_by_id_alone() {
    let till = Till::open().await;
    let begin = till.events("").await;
    assert_eq!((begin.events.len(), begin.missed), (0, false));
    let code = till.shown(2).await;
    let wait = format!("?after={}&wait=25", begin.after);
    let (heard, charged) = tokio::join!(till.events(&wait), till.charge_token(1, 250, &code));
    assert_eq!(charged.status(), StatusCode::CREATED);
    assert_eq!(settlements(&heard), [2]);
    assert_eq!(till.events(&format!("?after={}", heard.after)).await.events, []);

    let wait = format!("?after={}&wait=25", heard.after);
    let (ended, paid) = tokio::join!(till.events(&wait), till.approve(2, 250, CODE));
    assert_eq!(paid.status(), StatusCode::OK);
    assert_eq!(settlements(&ended), [2]);
    let all = till.events(&format!("?after={}", begin.after)).await;
    assert_eq!((settlements(&all), all.missed), (vec![2, 2], false), "asked again, told again");
    let path = format!("/v1/events?after={}", begin.after);
    let text = till.world.call(Method::GET, &path, &till.token).await.text().await.unwrap();
    assert!(!text.contains("250") && !text.contains("Uno"), "{text}");
    till.stop().await;
}

#[tokio::test]
async fn nobody_hears_another_members_events_and_a_wrong_question_is_refused() {
    let mut till = Till::open().await;
    till.pay(1, 100).await;
    assert_eq!(settlements(&till.events("?after=0").await), [2], "scanned: its end alone");
    let without = till.world.get("/v1/events?after=0").await;
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED);
    for wrong in ["?wait=26&after=0", "?after=x", "?wait=-1", "?limit=1"] {
        let path = format!("/v1/events{wrong}");
        let refused = till.world.call(Method::GET, &path, &till.token).await;
        assert_eq!(code_of(refused).await.1, "invalid_value", "{wrong}");
    }
    let ahead = till.events("?after=900&wait=25").await;
    assert!(ahead.missed && ahead.after < 900, "an id that this server never gave: {ahead:?}");
    till.token = till.world.token_of("kenji", "battery staple").await;
    assert_eq!(till.events("?after=0").await.events, []);
    till.stop().await;
}

#[tokio::test]
async fn events_are_bounded_and_who_was_away_too_long_is_told_that_some_are_missing() {
    let till = Till::open().await;
    let begin = till.events("").await.after;
    for id in 0..60_u128 {
        // Each is charged for more than there is, so it is asked for and fails at once.
        let code = till.shown(1_000 + id).await;
        till.charge_token(2_000 + id, 9_999, &code).await;
    }
    let kept = till.events(&format!("?after={begin}")).await;
    assert_eq!((kept.events.len(), kept.missed), (100, true));
    assert_eq!(kept.events.last().unwrap().of, EventOf::Settlement(Uuid::from_u128(1_059)));
    let since = kept.events[10].id;
    assert_eq!(till.events(&format!("?after={since}")).await.events.len(), 89);
    till.stop().await;
}

#[tokio::test]
async fn calls_that_wait_are_bounded_for_each_member_and_answered_when_the_server_stops() {
    let till = Till::open().await;
    let url = format!("{}/v1/events?after=0&wait=", till.world.url);
    let stops = Arc::new(AtomicBool::new(false));
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let (url, http) = (url.clone(), till.world.http.clone());
            let (token, stops) = (till.token.clone(), Arc::clone(&stops));
            tokio::spawn(async move {
                loop {
                    let answer = http.get(format!("{url}25")).bearer_auth(&token).send().await;
                    // Or the question below had the last place, or the time was over.
                    if answer.is_err() || stops.load(Ordering::SeqCst) {
                        return answer;
                    }
                }
            })
        })
        .collect();
    // All eight have come as soon as there is no room for another.
    let full = async {
        loop {
            let answer = till.world.http.get(format!("{url}0")).bearer_auth(&till.token).send();
            let answer = answer.await.unwrap();
            if answer.status() != StatusCode::OK {
                return answer;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let refused = timeout(Duration::from_secs(120), full).await.expect("there is always room");
    assert_eq!(code_of(refused).await, (429, "too_many_waiting".into()));
    stops.store(true, Ordering::SeqCst);
    till.stop().await;
    for call in waiting {
        let answer = call.await.unwrap().expect("an answer");
        assert_eq!(answer.json::<Events>().await.unwrap().events, []);
    }
}
