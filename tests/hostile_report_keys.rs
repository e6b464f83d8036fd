//! Keys of rights to report that are not the same for everyone: what a phone does not believe.

#[allow(dead_code)]
mod lying;

use domain::{
    Timestamp, Week,
    wire::{REPORT_KEY_PATH, ReportKey, ReportKeys, SigningKey},
};
use lying::{FIX, NOW_MS, Phone, Register, store};
use tillsight::{SignatureProblem, phone::LogEvent};

fn here() -> domain::Store {
    store("here", FIX.latitude, FIX.longitude)
}

/// Members who are each given a key of their own would be known by their reports.
#[test]
fn no_right_to_report_is_asked_for_by_a_key_that_the_root_key_did_not_sign_for_everyone() {
    let week = Week::of(Timestamp(NOW_MS)).unwrap();
    let keys = |weeks: &[Week]| ReportKeys {
        keys: weeks
            .iter()
            .map(|week| ReportKey { week: *week, public_key: "11".repeat(32) })
            .collect(),
    };
    let foreign = SigningKey::from_bytes(&[3; 32]);
    let weeks: Vec<Week> =
        (0..3).map(|ahead| Week::of_number(week.number() + ahead).unwrap()).collect();
    let (root, far) = (testkit::root(), testkit::FAR);
    for (keys, revision, until, root, problem) in [
        (keys(&weeks), 10, far, foreign, Some(SignatureProblem::UnknownKey)),
        (keys(&weeks), 10, far, testkit::tile_key(), Some(SignatureProblem::UnknownKey)),
        (keys(&weeks), 10, Timestamp(NOW_MS), root.clone(), Some(SignatureProblem::RolledBack)),
        // No key of the week, and two of it.
        (keys(&[]), 10, far, root.clone(), None),
        (keys(&[weeks.clone(), weeks.clone()].concat()), 10, far, root.clone(), None),
    ] {
        let register = Register::of(&[here()]);
        *register.report_keys.lock().unwrap() = (keys, revision, until, root);
        let phone = Phone::of(&register);
        phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
        let asked = |path: &str| register.asked.lock().unwrap().iter().any(|it| it == path);
        pass_until(&phone, || asked(REPORT_KEY_PATH));
        assert!(!asked("/v1/report-credentials"), "{problem:?}");
        let refused = phone.heard().into_iter().find_map(|event| match event {
            LogEvent::ReportKeysRefused { problem } => Some(problem),
            _ => None,
        });
        assert_eq!(refused, problem);
    }
    // One that is as it should be is believed; one that is older than it is not.
    let register = Register::of(&[here()]);
    *register.report_keys.lock().unwrap() = (keys(&weeks), 10, far, root.clone());
    let phone = Phone::of(&register);
    phone.wallet.log_in("hanako".to_owned(), "secret".to_owned()).unwrap();
    let times = || {
        let asked = register.asked.lock().unwrap();
        asked.iter().filter(|it| *it == "/v1/report-credentials").count()
    };
    pass_until(&phone, || times() == 1);
    *register.report_keys.lock().unwrap() = (keys(&weeks), 9, far, root);
    phone.heard();
    pass_until(&phone, || {
        let rolled_back = SignatureProblem::RolledBack;
        phone.heard().contains(&LogEvent::ReportKeysRefused { problem: rolled_back })
    });
    assert_eq!(times(), 1);
}

/// Lets hours pass until something is so, the phone doing what it has to.
fn pass_until(phone: &Phone, is_so: impl Fn() -> bool) {
    for _ in 0..100 {
        phone.clock.pass_ms(3_600_000);
        let _ = phone.wallet.pushed();
        if is_so() {
            return;
        }
    }
    panic!("not within a hundred hours");
}
