//! A whole area fetched for the time without a network: its progress, its end, and what does not fit.

#[allow(dead_code)]
mod lying;

use std::sync::{Arc, Mutex};

use domain::{Store, wire::TileId};
use lying::{FIX, Phone, Register, Said, store};
use tillsight::{
    Area, AreaListener, AreaProblem, AreaProgress, ServerProblem, WalletError,
    phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport},
};

/// Villages in a row, each in a cell of its own.
fn villages() -> Vec<Store> {
    let village = |nth: u32| {
        let lon = FIX.longitude + f64::from(nth) * 0.011;
        (0..70).map(move |store_nth| store(&format!("{nth}/{store_nth}"), FIX.latitude, lon))
    };
    (0..40).flat_map(village).collect()
}

/// Tells how far it is, and may end it after so many questions.
#[derive(Default)]
struct Heard {
    progress: Mutex<Vec<AreaProgress>>,
    ends_after: Option<usize>,
}

impl AreaListener for Heard {
    fn on_progress(&self, progress: AreaProgress) -> bool {
        let mut heard = self.progress.lock().unwrap();
        heard.push(progress);
        self.ends_after.is_none_or(|most| heard.len() <= most)
    }
}

fn area(latitude: f64, longitude: f64, radius_m: u32) -> Area {
    Area { latitude, longitude, radius_m }
}

fn fetch(phone: &Phone, heard: &Arc<Heard>) -> Result<AreaProgress, WalletError> {
    let middle = FIX.longitude + 0.2;
    phone.wallet.fetch_area(area(FIX.latitude, middle, 20_000), Some(Arc::clone(heard) as _))
}

fn tiles(register: &Register) -> Vec<String> {
    let mut asked = std::mem::take(&mut *register.asked.lock().unwrap());
    asked.retain(|path| path.starts_with("/v1/tiles/"));
    asked
}

#[test]
fn an_area_comes_in_few_answers_and_goes_on_where_it_was_ended() {
    let stores = villages();
    let register = Register::of(&stores);
    let phone = Phone::of(&register);
    let ends = Arc::new(Heard { ends_after: Some(1), ..Heard::default() });
    let ended = fetch(&phone, &ends).unwrap();
    assert!(ended.stores > 0 && ended.stores < ended.of_stores, "{ended:?}");
    let first = tiles(&register);
    assert_eq!(first.len(), 1, "it was ended before the second question");

    let goes_on = Arc::new(Heard::default());
    let all = fetch(&phone, &goes_on).unwrap();
    assert_eq!(all.stores, all.of_stores);
    let heard = goes_on.progress.lock().unwrap();
    assert_eq!(heard.first(), Some(&ended), "what came is kept");
    assert!(heard.is_sorted_by_key(|progress| progress.stores) && heard.last() == Some(&all));
    let rest = tiles(&register);
    assert!(rest.len() < 4 && !rest.contains(&first[0]), "{first:?} {rest:?}");
    assert!(stores.iter().all(|store| phone.name_of(store).is_some()));
    fetch(&phone, &Arc::new(Heard::default())).unwrap();
    assert_eq!(tiles(&register), Vec::<String>::new(), "nothing is fetched twice");

    phone.next_day();
    register.say(Said { gone: Some(vec![stores[0].id]), revision: 11, ..Said::of(&[]) });
    fetch(&phone, &Arc::new(Heard::default())).unwrap();
    let changed = tiles(&register);
    assert!(changed.iter().all(|path| path.ends_with("?since=10")), "{changed:?}");
    assert!(phone.name_of(&stores[0]).is_none() && phone.name_of(&stores[1]).is_some());
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let register = Register::of(&villages());
    let phone = Phone::of(&register);
    let problem = |result: Result<AreaProgress, WalletError>| match result {
        Err(WalletError::AreaRefused { problem, .. }) => Some(problem),
        other => panic!("{other:?}"),
    };
    let wide = phone.wallet.fetch_area(area(FIX.latitude, FIX.longitude, 100_001), None);
    assert_eq!(problem(wide), Some(AreaProblem::TooWide));
    let nowhere = phone.wallet.fetch_area(area(91.0, 0.0, 1), None);
    assert!(matches!(nowhere, Err(WalletError::Signal { .. })));
    assert_eq!(tiles(&register), Vec::<String>::new());
    // By what the list counts, before anything comes.
    let none = Phone::within(&register, 100_000);
    assert_eq!(problem(fetch(&none, &Arc::default())), Some(AreaProblem::NoRoom));
    assert_eq!(tiles(&register), Vec::<String>::new());
    // By what comes: what was visited for it does not go for the rest.
    let long = villages().into_iter().map(|store| Store { phone: "0".repeat(400), ..store });
    register.say(Said::of(&long.collect::<Vec<_>>()));
    let few = Phone::within(&register, 1_150_000);
    assert_eq!(problem(fetch(&few, &Arc::default())), Some(AreaProblem::NoRoom));
    assert!(tiles(&register).len() > 1);
    assert!(villages().iter().any(|store| few.name_of(store).is_some()), "what fitted is kept");
}

/// A way that is too slow for more than one tile.
struct Slow(Arc<Register>);

impl HttpTransport for Slow {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let reply = self.0.send(request)?;
        if reply.body.len() > 200_000 { Err(HttpFailure::Timeout) } else { Ok(reply) }
    }
}

#[test]
fn a_way_too_slow_for_much_at_once_brings_less_at_a_time() {
    let stores = villages();
    let register = Register::of(&stores);
    let phone = Phone::by(Arc::new(Slow(Arc::clone(&register))));
    let all = fetch(&phone, &Arc::default()).unwrap();
    assert_eq!(all.stores, all.of_stores);
    assert!(stores.iter().all(|store| phone.name_of(store).is_some()));
    // Of the whole earth no tile came that the list has not.
    assert!(!tiles(&register).contains(&TileId::ALL.to_string()));
    *register.cut.lock().unwrap() = Vec::new();
    let stuck = Phone::by(Arc::new(Slow(register)));
    let away = fetch(&stuck, &Arc::default()).unwrap_err();
    let slow = matches!(away, WalletError::ServerAway { kind: ServerProblem::Timeout, .. });
    assert!(slow, "one tile is the least there is: {away:?}");
}
