//! What has changed of a tile since a revision: believed only of what the phone has, and of one key.

#[allow(dead_code)]
mod lying;

use domain::wire::{KeyUse, SigningKey};
use lying::{FIX, Phone, Register, Said, is_not_vouched, key, store, unsigned};

fn here() -> domain::Store {
    store("here", FIX.latitude, FIX.longitude)
}

#[test]
fn what_has_changed_is_believed_only_under_a_signature_and_of_what_the_phone_has() {
    let (stays, closes) = (here(), store("closes", FIX.latitude, FIX.longitude + 0.0001));
    let both = [stays.clone(), closes.clone()];
    let register = Register::of(&both);
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    let asks = || {
        register.asked.lock().unwrap().clear();
        let fetched = phone.fetch();
        let asked = register.asked.lock().unwrap().clone();
        let of_tiles = |path: &&String| path.starts_with("/v1/tiles/");
        (asked.iter().filter(of_tiles).cloned().collect::<Vec<_>>(), is_not_vouched(&fetched))
    };
    assert_eq!(asks(), (vec![], false), "a fresh tile is not asked for");
    phone.next_day();
    let closed = Said { gone: Some(vec![closes.id]), revision: 11, ..Said::of(&[]) };
    register.say(Said { on_the_way: unsigned, ..closed.clone() });
    let (asked, refused) = asks();
    assert!(refused && asked.iter().all(|path| path.ends_with("?since=10")), "{asked:?}");
    // What has changed since another revision.
    let of_another = |path: &str| path.replace("since=10", "since=9");
    register.say(Said { signed_for: of_another, ..closed.clone() });
    assert!(asks().1);
    register.say(Said { revision: 9, ..closed.clone() });
    assert!(asks().1, "older than what the phone has");
    assert_eq!(phone.name_of(&closes).as_deref(), Some("closes"));
    register.say(closed);
    assert!(!asks().1);
    assert_eq!(phone.name_of(&closes), None, "a closed store is forgotten");
    assert_eq!(phone.name_of(&stays).as_deref(), Some("here"), "what did not change stays");
    assert_eq!(asks().0, Vec::<String>::new(), "it was confirmed");
}

#[test]
fn what_has_changed_by_another_key_is_asked_for_whole() {
    let register = Register::of(&[here()]);
    let phone = Phone::of(&register);
    phone.fetch().unwrap();
    phone.next_day();
    let new = SigningKey::from_bytes(&[3; 32]);
    let moved = domain::Store { name: "renamed".to_owned(), ..here() };
    let gone = Some(Vec::new());
    register.say(Said { key: new.clone(), revision: 11, gone, ..Said::of(&[moved]) });
    register.list(vec![
        key(&testkit::tile_key(), KeyUse::Tiles, false),
        key(&new, KeyUse::Tiles, false),
    ]);
    register.asked.lock().unwrap().clear();
    phone.fetch().unwrap();
    assert_eq!(phone.name_of(&here()).as_deref(), Some("renamed"));
    let asked = register.asked.lock().unwrap().clone();
    let tiles: Vec<_> = asked.iter().filter(|path| path.starts_with("/v1/tiles/")).collect();
    assert!(tiles.len() == 2 && tiles[0].ends_with("?since=10"), "{tiles:?}");
    // So that all of it goes with its key.
    let good = key(&testkit::tile_key(), KeyUse::Tiles, false);
    register.list(vec![good, key(&new, KeyUse::Tiles, true)]);
    phone.next_day();
    assert!(is_not_vouched(&phone.fetch()));
    assert_eq!(phone.name_of(&here()), None);
}
