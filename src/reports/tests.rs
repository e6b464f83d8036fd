//! What is reported, and when.

use domain::{Acceptance, Channel, Claim, Source};

use super::*;

/// A Wednesday.
const NOW: Timestamp = Timestamp(1_795_564_800_000);

fn later(ms: i64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

fn store(nth: usize) -> StoreId {
    StoreId::of_record("test", &nth.to_string())
}

fn happened(nth: usize, taken: bool) -> Happened {
    let (scheme, channel) = (SchemeId::new("visa").unwrap(), Channel::Contactless);
    let said = match taken {
        true => Reported::Worked { scheme, channel },
        false => Reported::Refused { scheme, channel },
    };
    Happened { store: store(nth), said, presence: None }
}

/// With a credential that the server has evaluated.
fn entitled() -> Reports {
    let mut reports = Reports::default();
    reports.tidy(NOW, 0.0);
    reports.credential.as_mut().unwrap().evaluation = vec![7; 64];
    reports
}

fn is_report(due: Option<Due>) -> bool {
    matches!(due, Some(Due::Report(..)))
}

#[test]
fn a_report_waits_between_an_hour_and_a_day_and_longer_without_an_answer() {
    for (chance, hours) in [(0.0, 1), (0.5, 12), (1.0, 23)] {
        let mut reports = entitled();
        reports.report(happened(1, true), NOW, chance);
        assert!(!is_report(reports.due(later(hours * HOUR_MS - 1))), "{chance}");
        let then = later((hours + 1) * HOUR_MS);
        assert!(is_report(reports.due(then)), "{chance}");
        reports.put_off(then);
        assert!(reports.due(then).is_none());
        assert!(is_report(reports.due(Timestamp(then.0 + AGAIN_MS))));
    }
}

#[test]
fn what_is_said_again_of_the_same_takes_the_place_of_what_waits() {
    let mut reports = entitled();
    for taken in [false, true] {
        reports.report(happened(1, taken), NOW, 0.0);
    }
    let Some(Due::Report(report, ..)) = reports.due(later(HOUR_MS)) else { panic!("none") };
    assert!(matches!(report.said, Reported::Worked { .. }));
    reports.sent(&report);
    assert!(reports.due(later(DAY_MS)).is_none());
}

#[test]
fn no_more_than_five_a_day_are_reported_and_the_next_day_again() {
    let mut reports = entitled();
    (0..9).for_each(|nth| reports.report(happened(nth, true), NOW, 0.0));
    assert_eq!(reports.waiting.len(), 5);
    reports.report(happened(9, true), later(DAY_MS), 0.0);
    assert_eq!(reports.waiting.len(), 6);
}

fn record() -> Store {
    Store {
        id: store(0),
        reference: String::new(),
        name: String::new(),
        industry: String::new(),
        address: Default::default(),
        phone: String::new(),
        position: domain::Position::from_degrees(41.9, 12.5).unwrap(),
        footprint: Vec::new(),
        level: String::new(),
        currency: domain::Currency::EUR,
        accepted: Default::default(),
        beacon: None,
        access_points: Vec::new(),
        attribution: String::new(),
        licence: String::new(),
    }
}

fn seen(nth: usize, tells: bool) -> Seen {
    let scheme = SchemeId::new("paypay").unwrap();
    Seen { store: store(nth), scheme, presence: None, tells }
}

#[test]
fn a_code_is_reported_once_a_week_where_the_others_do_not_know_and_leaves_room_for_the_member() {
    let mut reports = entitled();
    for at in [0, HOUR_MS, DAY_MS] {
        reports.learn_from_code(seen(1, true), later(at), 0.0);
    }
    reports.learn_from_code(seen(2, false), NOW, 0.0);
    assert_eq!(reports.waiting.len(), 1);
    (3..9).for_each(|nth| reports.learn_from_code(seen(nth, true), NOW, 0.0));
    assert_eq!(reports.waiting.len(), CODES_A_DAY);
    (0..9).for_each(|nth| reports.report(happened(nth, true), NOW, 0.0));
    assert_eq!(reports.waiting.len(), 5);
    let paypay = || vec![SchemeId::new("paypay").unwrap()];
    assert!(reports.new_on_counter(store(2), paypay(), later(HOUR_MS)).is_empty());
    assert_eq!(reports.new_on_counter(store(2), paypay(), later(DAY_MS)), paypay());
    assert_eq!(reports.new_on_counter(store(99), paypay(), NOW), paypay());
}

#[test]
fn what_the_member_says_of_the_till_stands_beside_what_a_code_names_and_before_it() {
    let mut reports = entitled();
    let scheme = || SchemeId::new("paypay").unwrap();
    let mut shop = Store { id: store(1), ..record() };
    reports.learn_from_code(seen(1, false), NOW, 0.0);
    let source = |reports: &Reports, shop: &Store| {
        let known = reports.overlaid(shop, NOW)?;
        let claim = known.accepted.claim(&scheme(), Channel::Scan)?;
        Some((claim.acceptance, claim.source))
    };
    assert_eq!(source(&reports, &shop), Some((Acceptance::Accepted, Source::Code)));
    // The store's own list stands before a code, and a register after it.
    for (from, expected) in [(Source::Register, Source::Code), (Source::Store, Source::Store)] {
        shop.accepted.add(Claim {
            scheme: scheme(),
            channel: Channel::Scan,
            acceptance: Acceptance::Refused,
            source: from,
            as_of: NOW,
        });
        assert_eq!(source(&reports, &shop).map(|(_, source)| source), Some(expected));
    }
    let said = Reported::Refused { scheme: scheme(), channel: Channel::Scan };
    reports.report(Happened { store: store(1), said, presence: None }, NOW, 0.0);
    assert_eq!(source(&reports, &shop), Some((Acceptance::Refused, Source::Own)));
    assert!(reports.new_on_counter(store(1), vec![scheme()], NOW).is_empty(), "both are kept");
}

#[test]
fn somebody_who_is_there_most_days_reports_nothing_of_it() {
    for (days, expected) in [(15, 1), (16, 0)] {
        let mut reports = entitled();
        (0..days).for_each(|day| reports.attend(store(1), later(-day * DAY_MS)));
        reports.report(happened(1, true), NOW, 0.0);
        assert_eq!(reports.waiting.len(), expected, "{days} days");
    }
}

#[test]
fn the_credential_is_of_its_week_and_reports_of_it_outlast_it_by_two_days() {
    let mut reports = entitled();
    let week = Week::of(NOW).unwrap();
    reports.report(happened(1, true), Timestamp(week.ends().0 - 1), 1.0);
    let monday = Timestamp(week.ends().0 + 23 * HOUR_MS);
    assert!(!reports.is_untidy(monday) && !reports.tidy(monday, 0.5), "the report waits for it");
    assert!(is_report(reports.due(Timestamp(monday.0 + HOUR_MS))));
    assert!(reports.is_untidy(week.reports_close()) && reports.tidy(week.reports_close(), 0.5));
    assert!(reports.waiting.is_empty() && !reports.is_untidy(week.reports_close()));
    let next = reports.credential.as_ref().unwrap();
    assert_eq!(Some(next.week), Week::of(week.reports_close()));
    assert!(!next.is_due(week.reports_close()), "it is asked for at a time of its own");
}

#[test]
fn without_a_credential_of_the_week_nothing_is_sent() {
    let mut reports = Reports::default();
    reports.tidy(NOW, 1.0);
    reports.report(happened(1, true), NOW, 0.0);
    assert!(reports.due(later(2 * HOUR_MS)).is_none());
    assert!(matches!(reports.due(later(CREDENTIAL_WITHIN_MS)), Some(Due::Credential(_))));
    assert!(reports.again_in_ms(NOW).unwrap() <= CREDENTIAL_WITHIN_MS);
}
