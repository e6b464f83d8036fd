//! The account and the methods from the phone, through the real servers.

use std::time::Duration;

use testkit::{Cast, Visitor, company_token, town};
use tillsight::{
    JoinAsk, MethodAsk, ProfileAsk, Remedy, RequestProblem, SecretKind, WalletError,
    screen::{ProfileRow, ServerState, WhyNot},
};

fn person(user_id: &str) -> JoinAsk {
    JoinAsk {
        user_id: user_id.to_owned(),
        password: "seven tin whistles".to_owned(),
        settlement_code: "739158".to_owned(),
        name: "Anna Bianchi".to_owned(),
        address: "Via Merulana 1, 00185 Roma".to_owned(),
        phone: "+39 06 482917".to_owned(),
        email: format!("{user_id}@example.org"),
    }
}

fn join(cast: &Cast, phone: &Visitor, user_id: &str, nth: usize) {
    let id = phone.wallet.join(person(user_id)).unwrap();
    phone.wallet.confirm_join(id, cast.code(nth)).unwrap();
    log_in(phone, user_id, "seven tin whistles").unwrap();
}

fn log_in(phone: &Visitor, user_id: &str, password: &str) -> Result<(), WalletError> {
    phone.wallet.log_in(user_id.to_owned(), password.to_owned())
}

/// Why a call was refused.
fn refused<T>(outcome: Result<T, WalletError>) -> RequestProblem {
    match outcome {
        Err(WalletError::RequestRefused { problem, .. }) => problem,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

#[test]
fn a_person_joins_with_the_code_that_was_mailed_and_is_on_the_account_screen() {
    let cast = Cast::assemble();
    let phone = cast.strangers_phone();
    assert_eq!(phone.wallet.account().server, ServerState::LoggedOut);
    let weak = JoinAsk { password: "password1".to_owned(), ..person("anna") };
    assert_eq!(refused(phone.wallet.join(weak)), RequestProblem::WeakPassword);
    let short = JoinAsk { settlement_code: "12345".to_owned(), ..person("anna") };
    assert_eq!(refused(phone.wallet.join(short)), RequestProblem::EntryUnfit);
    let id = phone.wallet.join(person("anna")).unwrap();
    let confirm = |code: &str| phone.wallet.confirm_join(id.clone(), code.to_owned());
    assert_eq!(refused(confirm("00000000")), RequestProblem::CodeRefused);
    confirm(&cast.code(0)).unwrap();
    log_in(&phone, "anna", "seven tin whistles").unwrap();

    let screen = phone.wallet.account();
    assert_eq!(screen.server, ServerState::Live);
    assert_eq!(screen.user_id.as_deref(), Some("anna"));
    assert_eq!(screen.profile.as_ref().unwrap().email, "anna@example.org");
    let devices: Vec<_> =
        screen.devices.iter().map(|it| (&*it.name, &*it.system, it.is_this)).collect();
    assert_eq!(devices, [("A phoneof the tests", std::env::consts::OS, true)]);
    assert!(!format!("{screen:?} {:?}", person("anna")).contains("anna"), "personal in a log");
    assert_eq!(phone.wallet.methods().methods.len(), 1, "who joined has an empty wallet");

    let taken = cast.strangers_phone();
    let id = taken.wallet.join(person("anna")).unwrap();
    let outcome = taken.wallet.confirm_join(id, cast.code(1));
    assert_eq!(refused(outcome), RequestProblem::UserIdTaken);
}

#[test]
fn secrets_are_changed_and_reset_and_every_other_device_is_logged_out() {
    let cast = Cast::assemble();
    let (phone, other) = (cast.strangers_phone(), cast.strangers_phone());
    join(&cast, &phone, "anna", 0);
    log_in(&other, "anna", "seven tin whistles").unwrap();
    let change = |present: &str, new: &str| {
        let (present, new) = (present.to_owned(), new.to_owned());
        phone.wallet.change_secret(SecretKind::Password, present, new)
    };
    assert_eq!(refused(change("wrong", "eight tin whistles")), RequestProblem::WrongSecret);
    change("seven tin whistles", "eight tin whistles").unwrap();
    assert!(matches!(other.wallet.refresh(), Err(WalletError::NotLoggedIn { .. })));
    log_in(&other, "anna", "eight tin whistles").unwrap();

    let id = other.wallet.request_reset("anna".to_owned(), SecretKind::Password).unwrap();
    let nobodys = other.wallet.request_reset("nobody".to_owned(), SecretKind::Password).unwrap();
    let reset = |id: &str, code: String| {
        let new = "nine tin whistles".to_owned();
        other.wallet.reset(id.to_owned(), code, new, None)
    };
    assert_eq!(refused(reset(&nobodys, cast.code(1))), RequestProblem::CodeRefused);
    reset(&id, cast.code(1)).unwrap();
    assert_eq!(phone.wallet.account().server, ServerState::LoggedOut, "a reset logs out");
    log_in(&phone, "anna", "nine tin whistles").unwrap();

    let code = phone.wallet.change_secret(
        SecretKind::SettlementCode,
        "739158".to_owned(),
        "940573".to_owned(),
    );
    code.unwrap();
    let id = phone.wallet.request_reset("anna".to_owned(), SecretKind::SettlementCode).unwrap();
    let password = Some("nine tin whistles".to_owned());
    let early = phone.wallet.reset(id, cast.code(2), "60581739".to_owned(), password);
    assert_eq!(refused(early), RequestProblem::TooSoon);
}

#[test]
fn a_device_is_logged_out_from_afar_and_who_leaves_is_forgotten() {
    let cast = Cast::assemble();
    let (phone, lost) = (cast.strangers_phone(), cast.strangers_phone());
    join(&cast, &phone, "anna", 0);
    log_in(&lost, "anna", "seven tin whistles").unwrap();
    let devices = phone.wallet.account().devices;
    let there = devices.iter().find(|device| !device.is_this).unwrap();
    let left = phone.wallet.log_out_device(there.id.clone()).unwrap();
    assert_eq!(left.devices.iter().filter(|device| device.is_logged_in).count(), 1);
    assert_eq!(refused(phone.wallet.log_out_device("..".to_owned())), RequestProblem::NotFound);
    assert!(matches!(lost.wallet.refresh(), Err(WalletError::NotLoggedIn { .. })));

    let export = phone.wallet.export_data().unwrap();
    assert!(export.contains("Via Merulana 1") && !export.contains("seven tin"), "{export}");
    let leave = |password: &str| phone.wallet.leave(password.to_owned());
    assert_eq!(refused(leave("wrong")), RequestProblem::WrongSecret);
    leave("seven tin whistles").unwrap();
    assert_eq!(phone.wallet.account().server, ServerState::LoggedOut);
    assert_eq!(phone.wallet.methods().methods, []);
    assert!(log_in(&phone, "anna", "seven tin whistles").is_err(), "still a member");

    let rich = cast.phone();
    let outcome = rich.wallet.leave(town::PASSWORD.to_owned());
    assert_eq!(outcome.as_ref().unwrap_err().advice().remedy, Remedy::EmptyWallet);
    assert_eq!(refused(outcome), RequestProblem::WalletNotEmpty);
    rich.wallet.refresh().unwrap();
}

#[test]
fn methods_are_linked_named_ordered_blocked_and_unlinked() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let names = || -> Vec<String> {
        phone.wallet.methods().methods.into_iter().map(|method| method.name).collect()
    };
    assert_eq!(names(), ["Wallet", "Visa", "Old card"]);
    let screen = phone.wallet.methods();
    let sources: Vec<_> =
        screen.methods.iter().map(|it| (it.can_be_deposit_source, it.is_deposit_source)).collect();
    assert_eq!(sources, [(false, false), (true, true), (true, false)]);
    assert_eq!(screen.methods[2].reason, Some(WhyNot::Expired));

    let change = |id: &str, ask| phone.wallet.change_method(id.to_owned(), ask);
    let name = Some("Groceries".to_owned());
    let all = MethodAsk { name, blocked: Some(true), place: Some(0), deposit_source: None };
    let screen = change("visa", all).unwrap();
    assert_eq!(names(), ["Groceries", "Wallet", "Old card"]);
    assert_eq!(
        (screen.methods[0].is_blocked, screen.methods[0].reason),
        (true, Some(WhyNot::Blocked))
    );
    assert_eq!(phone.wallet.deposits().unwrap().sources[0].reason, Some(WhyNot::Blocked));
    let number = MethodAsk { name: Some("4111111111111111".to_owned()), ..MethodAsk::default() };
    assert_eq!(refused(change("visa", number)), RequestProblem::EntryUnfit);
    let source = || MethodAsk { deposit_source: Some(true), ..MethodAsk::default() };
    assert_eq!(refused(change("wallet", source())), RequestProblem::OwnMoney);
    assert_eq!(refused(change("another's", source())), RequestProblem::NotFound);

    phone.wallet.register_method("suica".to_owned(), town::LINK_CODE.to_owned()).unwrap();
    let suica = phone.wallet.methods().methods.pop().unwrap();
    assert_eq!(suica.schemes, ["Suica and transport IC cards"]);
    phone.wallet.remove_method(suica.id.clone()).unwrap();
    assert_eq!(names(), ["Groceries", "Wallet", "Old card"]);
    assert_eq!(refused(phone.wallet.remove_method(suica.id)), RequestProblem::NotFound);
    assert_eq!(refused(phone.wallet.remove_method("wallet".to_owned())), RequestProblem::OwnMoney);
    phone.wallet.refresh().unwrap();
    assert_eq!(names(), ["Groceries", "Wallet", "Old card"], "the server has another list");
}

#[test]
fn without_the_server_nothing_is_changed_and_every_call_says_so() {
    let mut cast = Cast::assemble();
    let phone = cast.phone();
    let before = phone.wallet.methods();
    cast.stop_wallet_server();
    let away = |outcome: Result<(), WalletError>| {
        assert!(matches!(outcome, Err(WalletError::ServerAway { .. })), "{outcome:?}");
    };
    let text = |text: &str| text.to_owned();
    away(phone.wallet.join(person("anna")).map(drop));
    away(phone.wallet.change_method(text("visa"), MethodAsk::default()).map(drop));
    away(phone.wallet.remove_method(text("visa")).map(drop));
    away(phone.wallet.log_out_device(text("a")).map(drop));
    away(phone.wallet.change_secret(SecretKind::Password, text("a"), text("b")));
    away(phone.wallet.export_data().map(drop));
    away(phone.wallet.request_email(text("a"), text("b")).map(drop));
    away(phone.wallet.operators().map(drop));
    away(phone.wallet.leave(text("a")));
    let account = phone.wallet.account();
    assert_eq!((account.server, account.user_id), (ServerState::Away, None));
    let after = phone.wallet.methods();
    assert_eq!((after.server, after.methods), (ServerState::Away, before.methods));
}

#[test]
fn what_is_known_of_a_member_is_changed_by_the_password_and_the_address_by_a_code_sent_there() {
    let cast = Cast::assemble();
    let phone = cast.strangers_phone();
    join(&cast, &phone, "anna", 0);
    let moved = || ProfileAsk {
        name: "Anna Verdi".to_owned(),
        address: "Via Cavour 9, 00184 Roma".to_owned(),
        phone: "+39 06 482918".to_owned(),
    };
    let change = |ask, password: &str| phone.wallet.change_profile(ask, password.to_owned());
    assert_eq!(refused(change(moved(), "wrong")), RequestProblem::WrongSecret);
    let nameless = ProfileAsk { name: String::new(), ..moved() };
    assert_eq!(refused(change(nameless, "seven tin whistles")), RequestProblem::EntryUnfit);
    let profile = change(moved(), "seven tin whistles").unwrap().profile.unwrap();
    let shown = (&*profile.name, &*profile.address, &*profile.phone, &*profile.email);
    let ProfileAsk { name, address, phone: number } = moved();
    assert_eq!(shown, (&*name, &*address, &*number, "anna@example.org"));
    assert!(!format!("{:?}", moved()).contains("Anna"), "personal in a log");

    let ask = |email: &str, password: &str| {
        phone.wallet.request_email(email.to_owned(), password.to_owned())
    };
    assert_eq!(refused(ask("anna@example.com", "wrong")), RequestProblem::WrongSecret);
    assert_eq!(refused(ask("no address", "seven tin whistles")), RequestProblem::EntryUnfit);
    let id = ask("anna@example.com", "seven tin whistles").unwrap();
    let confirm = |id: &str, code: &str| phone.wallet.confirm_email(id.to_owned(), code.to_owned());
    assert_eq!(refused(confirm(&id, "00000000")), RequestProblem::CodeRefused);
    assert_eq!(refused(confirm("../me", "00000000")), RequestProblem::CodeRefused);
    let before = phone.wallet.account().profile.unwrap();
    assert_eq!(before.email, "anna@example.org", "changed without a proof");
    let after = confirm(&id, &cast.code(1)).unwrap().profile.unwrap();
    assert_eq!(after, ProfileRow { email: "anna@example.com".to_owned(), ..before });
    assert_eq!(refused(confirm(&id, &cast.code(1))), RequestProblem::CodeRefused);
}

#[test]
fn whom_the_wallet_company_put_in_it_changes_and_everybody_sees_which_operators_there_are() {
    let cast = Cast::assemble();
    let phone = cast.phone();
    let ask = ProfileAsk {
        name: "Giulia".to_owned(),
        address: "Via Cavour 9".to_owned(),
        phone: "+39 06 482918".to_owned(),
    };
    let outcome = phone.wallet.change_profile(ask, town::PASSWORD.to_owned());
    assert_eq!(outcome.as_ref().unwrap_err().advice().remedy, Remedy::UpdateApp);
    assert_eq!(refused(outcome), RequestProblem::NoProfile);
    let operators = cast.strangers_phone().wallet.operators().unwrap();
    assert_eq!(operators, [town::OPERATOR]);
}

#[test]
fn the_companys_own_log_in_opens_a_session_of_this_phone_that_goes_on_like_any() {
    let cast = Cast::assemble();
    let phone = cast.strangers_phone();
    for token in [String::new(), "a.b.c".to_owned(), company_token("nobody")] {
        let outcome = phone.wallet.log_in_provided(token);
        assert!(matches!(outcome, Err(WalletError::LoginRefused { .. })), "{outcome:?}");
    }
    phone.wallet.log_in_provided(company_token(town::USER_ID)).unwrap();
    let account = phone.wallet.account();
    assert_eq!(account.user_id.as_deref(), Some(town::USER_ID));
    let here: Vec<_> = account.devices.iter().filter(|device| device.is_this).collect();
    assert_eq!(here.len(), 1);
    assert_eq!(phone.wallet.methods().methods.len(), 3);
    // The access token is over, and the next comes by the key of this phone.
    cast.pass_at_the_server(Duration::from_secs(700));
    phone.wallet.refresh().unwrap();
    phone.wallet.log_out().unwrap();
    phone.wallet.log_in_provided(company_token(town::USER_ID)).unwrap();
    assert_eq!(phone.wallet.account().devices.len(), 1, "the same phone is another device");
}
