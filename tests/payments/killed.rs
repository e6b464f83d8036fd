//! The phone is killed at each point of a payment, and comes to the server's truth.

use std::{sync::Arc, time::Duration};

use domain::{
    Timestamp,
    wire::{Charge, ChargeState},
};
use testkit::{
    Cast, SetClock,
    town::{PASSWORD, TAKES_WALLET, USER_ID},
};
use tillsight::{
    SecretKind, Wallet,
    phone::{Clock as _, SystemClock},
    screen::{PaymentScreen, PaymentState, ShownCode},
    sensed::Fix,
};

use super::{
    CODE, LONGEST, ask, charged,
    fragile::{Fragile, Loss},
};

const BEGIN: (&str, &str) = ("POST", "/v1/settlements");
const APPROVE: (&str, &str) = ("POST", "/approve");

/// A phone whose network loses things, and whose app is killed and started again.
pub struct Killed<'a> {
    cast: &'a Cast,
    folder: tempfile::TempDir,
    pub network: Fragile,
    pub wallet: Arc<Wallet>,
}

impl<'a> Killed<'a> {
    /// Of a member who is logged in and has a settlement code.
    pub fn new(cast: &'a Cast) -> Self {
        let (folder, network) = (tempfile::tempdir().unwrap(), Fragile::new(Loss::Nothing));
        let wallet = open(cast, &folder, &network);
        wallet.log_in(USER_ID.to_owned(), PASSWORD.to_owned()).unwrap();
        let (present, new) = (PASSWORD.to_owned(), CODE.to_owned());
        wallet.change_secret(SecretKind::SettlementCode, present, new).unwrap();
        wallet.prefetch(TAKES_WALLET.lat, TAKES_WALLET.lon).unwrap();
        Self { cast, folder, network, wallet }
    }

    fn scan(&self, code: String) {
        let fix = Fix {
            latitude: TAKES_WALLET.lat,
            longitude: TAKES_WALLET.lon,
            accuracy_m: 12.0,
            taken_at_ms: SystemClock.now_ms(),
            mocked: false,
            provider: None,
        };
        self.wallet.sense_fix(fix).unwrap();
        self.wallet.sense_text(code).unwrap();
    }

    /// The next start finds what was on the disk; what the app before does is lost.
    pub fn kill(&mut self, loss: Loss) {
        let network = Fragile::new(loss);
        self.network.lose(Loss::Request("", ""));
        self.wallet = open(self.cast, &self.folder, &network);
        self.network = network;
    }

    /// The code that is shown, once it is.
    pub fn shows_code(&self) -> ShownCode {
        let begun = std::time::Instant::now();
        loop {
            if let Some(code) = self.wallet.payment().unwrap().expect("a payment").code {
                return code;
            }
            assert!(begun.elapsed() < LONGEST, "no code is shown");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The payment once it is in one of these states.
    pub fn comes_to(&self, states: &[PaymentState]) -> PaymentScreen {
        let begun = std::time::Instant::now();
        loop {
            let screen = self.wallet.payment().unwrap().expect("a payment");
            if states.contains(&screen.state) {
                return screen;
            }
            assert!(begun.elapsed() < LONGEST, "{screen:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The till is told that this payment paid it, and `payments` of a euro each have left the wallet.
    pub fn has_paid_once(&self, charge: &Charge, payment: &str, payments: u32, loss: Loss) {
        assert_eq!(charge.state, ChargeState::Paid, "{loss:?}");
        assert_eq!(charge.settlement, Some(payment.parse().unwrap()));
        self.wallet.refresh().unwrap();
        let left = self.wallet.deposits().unwrap().wallets[0].balance.as_ref().unwrap().minor;
        assert_eq!(left, 1_250 - 100 * i64::from(payments), "{loss:?}: paid once");
    }
}

fn open(cast: &Cast, folder: &tempfile::TempDir, network: &Fragile) -> Arc<Wallet> {
    let clock = Arc::new(SetClock::default());
    assert!(Timestamp(clock.now_ms()) > Timestamp(0));
    cast.wallet_in(folder.path(), clock, Arc::new(network.clone()))
}

#[test]
fn f16_killed_at_each_point_of_a_payment_the_phone_comes_to_the_truth_and_pays_once() {
    let cast = Cast::assemble();
    let terminal = cast.terminal(&TAKES_WALLET);
    let mut phone = Killed::new(&cast);
    let stays_lost = [
        Loss::Request(BEGIN.0, BEGIN.1),
        Loss::Answer(BEGIN.0, BEGIN.1),
        Loss::Request(APPROVE.0, APPROVE.1),
        Loss::Answer(APPROVE.0, APPROVE.1),
        Loss::Nothing,
    ];
    for (number, loss) in (1..).zip(stays_lost) {
        let (charge, code) = charged(&terminal, 100);
        phone.scan(code);
        phone.network.lose(loss);
        let begun = phone.wallet.begin_payment(ask(number)).unwrap();
        let is_begun = !matches!(
            loss,
            Loss::Request(_, "/v1/settlements") | Loss::Answer(_, "/v1/settlements")
        );
        assert_eq!(begun.state == PaymentState::ToApprove, is_begun, "{loss:?}");
        if !is_begun {
            assert_eq!(begun.state, PaymentState::Awaited);
            phone.kill(Loss::Nothing);
            phone.comes_to(&[PaymentState::ToApprove]);
        }
        let approved = phone.wallet.approve_payment(begun.id.clone(), CODE.to_owned()).unwrap();
        let is_lost = matches!(loss, Loss::Request(_, "/approve") | Loss::Answer(_, "/approve"));
        let expected = if is_lost { PaymentState::Unknown } else { PaymentState::Done };
        assert_eq!(approved.state, expected, "{loss:?}");
        let sent = phone.network.came(APPROVE.0, APPROVE.1);
        phone.kill(Loss::Nothing);
        let known = phone.comes_to(&[PaymentState::ToApprove, PaymentState::Done]);
        assert_eq!(
            known.state == PaymentState::ToApprove,
            sent == 0,
            "{loss:?}: what became of it?"
        );
        assert_eq!(phone.network.came(APPROVE.0, APPROVE.1), 0, "a code is never sent by itself");
        if known.state == PaymentState::ToApprove {
            let again = phone.wallet.approve_payment(begun.id.clone(), CODE.to_owned()).unwrap();
            assert_eq!(again.state, PaymentState::Done);
        }
        phone.has_paid_once(&terminal.charge_of(charge.id).unwrap(), &begun.id, number, loss);
    }
}

#[test]
fn two_taps_at_once_agree_once() {
    let cast = Cast::assemble();
    let terminal = cast.terminal(&TAKES_WALLET);
    let phone = Killed::new(&cast);
    phone.scan(charged(&terminal, 100).1);
    std::thread::scope(|scope| {
        for number in [1, 2] {
            let begin = move |wallet: &Wallet| wallet.begin_payment(ask(number)).unwrap();
            let wallet = &phone.wallet;
            scope.spawn(move || begin(wallet));
        }
    });
    assert_eq!(phone.network.came(BEGIN.0, BEGIN.1), 1, "one code is begun once");
    let id = phone.wallet.payment().unwrap().unwrap().id;
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| phone.wallet.approve_payment(id.clone(), CODE.to_owned()).unwrap());
        }
    });
    phone.comes_to(&[PaymentState::Done]);
    assert_eq!(phone.network.came(APPROVE.0, APPROVE.1), 1, "one payment is agreed to once");
}

#[test]
fn what_is_given_up_after_an_agreement_whose_answer_was_lost_is_told_as_paid() {
    let cast = Cast::assemble();
    let terminal = cast.terminal(&TAKES_WALLET);
    let phone = Killed::new(&cast);
    phone.scan(charged(&terminal, 100).1);
    let id = phone.wallet.begin_payment(ask(1)).unwrap().id;
    phone.network.lose(Loss::Answer(APPROVE.0, APPROVE.1));
    let lost = phone.wallet.approve_payment(id.clone(), CODE.to_owned()).unwrap();
    assert_eq!(lost.state, PaymentState::Unknown);
    assert!(phone.wallet.cancel_payment(id).is_err(), "the member has agreed");
    phone.comes_to(&[PaymentState::Done]);
}
