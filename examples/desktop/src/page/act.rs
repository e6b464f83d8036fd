//! What can be done on the page, each a call that the example apps make too, or one of the till or the
//! servers.

use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;
use terminal::{Counter, Keyed};
use tillsight::{ChoiceKind, DepositAsk, JoinAsk, PaymentAsk, ReportKind, SignalProblem};

use super::{
    camera, desk::Desk, motion, refusal::Refusal, rerun::Rerun, street::Senses, walk::SPEEDS,
};

/// One thing to do.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// Put the phone down somewhere, metres.
    Carry { at: (f64, f64), accuracy_m: f64 },
    /// Take it into a store.
    Enter { store: String },
    /// Turn senses on and off.
    Sense { senses: Senses },
    /// The walk: go on, stand, at another speed, elsewhere.
    Play { on: bool },
    /// Seconds of the walk a second.
    Speed { times: f64 },
    /// Seconds from its beginning.
    Seek { at_s: f64 },
    /// What the member asks.
    Ask { choice: String, amount_minor: Option<i64>, has_nfc: bool },
    /// The phone in another language.
    Language { code: String },
    /// The member says which store it is, or is not.
    Choose { store: String },
    /// The member says that it is not this one.
    Deny { store: String },
    /// The member says what happened at a till: `worked`, `refused` or `cash_only`.
    Report { store: String, method: String, said: String },
    /// Show the moment of a recording, seconds from its beginning.
    Scrub { at_s: f64 },
    /// A recording goes on by itself, or stands.
    PlayRecording { on: bool },
    /// The phone senses again.
    EndRecording,
    /// Another visit takes the place of this one. Done by the page, as it needs another desk.
    SetOut { world: String, seed: u64 },
    /// What each store in question says of a method.
    Why { method: String },
    /// Pull to refresh.
    Refresh,
    /// Forget what told where the phone is.
    ForgetUses,
    /// The phone goes into a pocket, where nobody looks at it, or comes out of it.
    Pocket { on: bool },
    /// Put a notice away.
    PutAway { notice: String },
    /// The camera looks at something.
    Look { at: camera::InView },
    /// A text that was scanned elsewhere or typed.
    Text { text: String },
    /// Pay what was scanned.
    Begin { id: String, method: String },
    /// Show a code to the till.
    ShowCode { id: String, method: String },
    /// Hold the phone to the till's reader, once the till reads.
    Hold { id: String, method: String },
    /// Agree.
    Approve { id: String, settlement_code: String },
    /// Do not.
    Cancel { id: String },
    /// Log in.
    LogIn { user_id: String, password: String },
    /// Log out.
    LogOut,
    /// Become a member.
    Join(Joining),
    /// By the code that was mailed.
    ConfirmJoin { id: String, code: String },
    /// Link an account or card.
    Link { scheme: String, code: String },
    /// Put money into the wallet.
    Deposit { id: String, source: String, amount_minor: i64, currency: String },
    /// Fetch the history.
    History,
    /// Fetch the account.
    Account,
    /// The till of a store is set beside the phone.
    Till { store: String },
    /// It asks for money.
    Charge { amount_minor: i64 },
    /// It reads the code on the phone.
    Read { amount_minor: i64 },
    /// It reads the phone that is held to its reader.
    Tap { amount_minor: i64 },
    /// It takes its charge back.
    EndCharge,
    /// It gives money back.
    Refund { settlement: uuid::Uuid, amount_minor: i64 },
    /// The wallet server stops or starts.
    Server { up: bool },
    /// An operator stops or starts.
    Operator { name: String, up: bool },
}

/// Who joins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    user_id: String,
    password: String,
    settlement_code: String,
    name: String,
    address: String,
    phone: String,
    email: String,
}

impl Act {
    /// Whether the phone senses something new by it, so that a recording is over.
    fn senses(&self) -> bool {
        matches!(
            self,
            Self::Carry { .. }
                | Self::Enter { .. }
                | Self::Play { on: true }
                | Self::Seek { .. }
                | Self::Language { .. }
                | Self::Choose { .. }
                | Self::Deny { .. }
                | Self::Look { .. }
                | Self::Text { .. }
        )
    }
}

fn of_recording(desk: &Desk, what: impl FnOnce(&mut Rerun)) {
    if let Some(rerun) = &mut *desk.rerun() {
        what(rerun);
    }
}

/// Does it; what the caller is told beside the new state.
///
/// # Errors
/// In the core's words where it is the core that refuses.
pub async fn act(desk: &Desk, act: Act) -> Result<Value, Refusal> {
    match act {
        Act::Server { up } => {
            let mut servers = desk.servers.write().await;
            desk.answering().wallet = up;
            desk.tell();
            match up {
                true if servers.wallet_url().is_empty() => servers.start_wallet_server().await?,
                true => {}
                false => servers.stop_wallet_server().await,
            }
        }
        Act::Operator { name, up } => {
            let mut servers = desk.servers.write().await;
            desk.operator_answers(&name, up);
            match up {
                true => servers.start_operator(&name).await?,
                false => servers.stop_operator(&name).await,
            }
        }
        Act::Till { store } => set_till(desk, &store).await?,
        act => {
            let (answer, passed) = tokio::task::block_in_place(|| done(desk, act))?;
            desk.servers.read().await.pass(passed);
            return Ok(answer);
        }
    }
    Ok(Value::Null)
}

async fn set_till(desk: &Desk, store: &str) -> Result<(), Refusal> {
    let store = desk.store(store).ok_or(SignalProblem::StoreUnknown)?;
    // One after the other: a new key voids the one before.
    let servers = desk.servers.write().await;
    // Where somebody is about to pay, the till stays.
    let stays = |till: &Counter| till.store().id == store.id || till.is_busy();
    if !desk.till().as_ref().is_some_and(stays) {
        let key = servers.terminal_key(store.id).await?;
        let till = Counter::new(Keyed::new(&desk.server_url, &store.id.to_string(), &key)?, store);
        let mut set = desk.till();
        if !set.as_ref().is_some_and(stays) {
            desk.till_changed(Some(&till));
            *set = Some(till);
        }
    }
    Ok(())
}

/// The answer, and how much time the world passed by it.
fn done(desk: &Desk, act: Act) -> Result<(Value, Duration), Refusal> {
    if act.senses() {
        desk.end_recording()?;
    }
    let handset = desk.handset();
    let (wallet, heard) = (&handset.wallet, &handset.heard);
    let mut passed = Duration::ZERO;
    match act {
        Act::Carry { at, accuracy_m } => motion::carry(desk, at, accuracy_m)?,
        Act::Enter { store } => {
            let store = desk.store(&store).ok_or(SignalProblem::StoreUnknown)?;
            passed = motion::enter(desk, desk.city.spot(store.position))?;
        }
        Act::Sense { senses } => {
            desk.road.set_open(senses.network);
            desk.phone().senses = senses;
            wallet.scanning(senses.beacons);
            let (spot, accuracy_m) = {
                let phone = desk.phone();
                (phone.spot, phone.fix.map_or(14.0, |fix| fix.accuracy_m))
            };
            if senses.gps && senses.spoofed {
                motion::carry(desk, spot, accuracy_m)?;
            }
        }
        Act::Play { on } => {
            let mut walk = desk.walk();
            if on && walk.at_s >= walk.whole_s() {
                walk.at_s = 0.0;
            }
            walk.plays = on;
        }
        Act::Speed { times } if SPEEDS.contains(&times) => desk.walk().speed = times,
        Act::Seek { at_s } => passed = motion::seek(desk, at_s)?,
        Act::Ask { choice, amount_minor, has_nfc } => {
            let ask = {
                let mut phone = desk.phone();
                phone.ask.choice = choice_of(&choice)?;
                phone.ask.amount_minor = amount_minor.filter(|minor| *minor > 0);
                phone.ask.currency = Some(desk.goal.currency.code().to_owned());
                phone.ask.phone_has_nfc = has_nfc;
                phone.ask.clone()
            };
            heard.settlement(wallet.ask(ask));
        }
        Act::Language { code } => {
            desk.switch_language(&code)?;
            let spot = desk.phone().spot;
            passed = motion::enter(desk, spot)?;
        }
        Act::Choose { store } => heard.settlement(wallet.choose_store(store)?),
        Act::Deny { store } => heard.settlement(wallet.deny_store(store)?),
        Act::Report { store, method, said } => {
            heard.settlement(wallet.report(store, method, report_of(&said)?)?);
        }
        Act::Why { method } => {
            let says = serde_json::to_value(wallet.why(method)?).map_err(anyhow::Error::from)?;
            return Ok((says, passed));
        }
        Act::Refresh => heard.settlement(wallet.refresh()?),
        Act::ForgetUses => wallet.clear_position_uses()?,
        Act::Pocket { on } => desk.pocket(&handset, on),
        Act::PutAway { notice } => heard.shown().notices.retain(|known| known.id != notice),
        Act::Look { at } => return Ok((camera::look(desk, at)?, passed)),
        Act::Text { text } => heard.settlement(wallet.sense_text(text)?),
        Act::Begin { id, method } => {
            heard.payment(wallet.begin_payment(PaymentAsk { id, method_id: method })?);
        }
        Act::ShowCode { id, method } => {
            heard.payment(wallet.show_payment_code(PaymentAsk { id, method_id: method })?);
        }
        Act::Hold { id, method } => {
            wallet.payment_open(true);
            heard.payment(wallet.hold_to_reader(PaymentAsk { id, method_id: method })?);
        }
        Act::Approve { id, settlement_code } => {
            heard.payment(wallet.approve_payment(id, settlement_code)?);
        }
        Act::Cancel { id } => {
            wallet.payment_open(false);
            heard.payment(wallet.cancel_payment(id)?);
        }
        Act::LogIn { user_id, password } => {
            wallet.log_in(user_id, password)?;
            heard.deposits(wallet.deposits()?);
            heard.settlement(wallet.screen());
        }
        Act::LogOut => {
            wallet.log_out()?;
            heard.settlement(wallet.screen());
            let mut phone = desk.phone();
            (phone.account, phone.history) = (None, None);
        }
        Act::Join(joining) => return Ok((wallet.join(ask_of(joining))?.into(), passed)),
        Act::ConfirmJoin { id, code } => wallet.confirm_join(id, code)?,
        Act::Link { scheme, code } => {
            heard.settlement(wallet.register_method(scheme, code)?);
            heard.deposits(wallet.deposits()?);
        }
        Act::Deposit { id, source, amount_minor, currency } => {
            let ask = DepositAsk { id: id.clone(), source_id: source, amount_minor, currency };
            heard.deposits(wallet.deposit(ask)?);
            if let Ok(id) = id.parse() {
                let now = tillsight::phone::Clock::now_ms(&*desk.clock);
                desk.ledger().watch(id, "deposit", now);
            }
        }
        Act::History => {
            let history = wallet.history(None)?;
            heard.deposits(wallet.deposits()?);
            desk.phone().history = Some(history);
        }
        Act::Account => {
            let account = wallet.account();
            desk.phone().account = Some(account);
        }
        Act::Charge { amount_minor } => at_till(desk, |till| till.charge(amount_minor))?,
        Act::Read { amount_minor } => {
            let code =
                heard.shown().payment.as_ref().and_then(|it| Some(it.code.as_ref()?.text.clone()));
            let code = code.ok_or_else(|| anyhow::anyhow!("the phone shows no code"))?;
            at_till(desk, |till| till.read(amount_minor, code))?;
        }
        Act::Tap { amount_minor } => {
            let held = testkit::hold(wallet, true).context("the desk has no port left")?;
            let token = terminal::read_token(&held.at.to_string())?;
            held.taken_away().context("the phone was taken away too soon")?;
            at_till(desk, |till| till.contactless(amount_minor, token))?;
        }
        Act::EndCharge => at_till(desk, Counter::end)?,
        Act::Refund { settlement, amount_minor } => {
            at_till(desk, |till| till.refund(settlement, amount_minor, None))?;
        }
        Act::Scrub { at_s } => of_recording(desk, |rerun| rerun.seek(at_s)),
        Act::PlayRecording { on } => of_recording(desk, |rerun| rerun.play(on)),
        Act::EndRecording => desk.end_recording()?,
        Act::Speed { .. } => return Err(anyhow::anyhow!("there is no such speed").into()),
        // Done without blocking, by the caller.
        Act::Server { .. } | Act::Operator { .. } | Act::Till { .. } | Act::SetOut { .. } => {}
    }
    desk.tell();
    Ok((Value::Null, passed))
}

fn at_till(
    desk: &Desk,
    what: impl FnOnce(&mut Counter) -> anyhow::Result<()>,
) -> Result<(), Refusal> {
    let mut till = desk.till();
    let till = till.as_mut().ok_or_else(|| anyhow::anyhow!("there is no till here"))?;
    let done = what(till);
    desk.till_changed(Some(till));
    Ok(done?)
}

fn choice_of(word: &str) -> Result<ChoiceKind, Refusal> {
    match word {
        "all" => Ok(ChoiceKind::All),
        "most_used" => Ok(ChoiceKind::MostUsed),
        "largest_balance" => Ok(ChoiceKind::LargestBalance),
        _ => Err(anyhow::anyhow!("there is no such choice").into()),
    }
}

fn report_of(word: &str) -> Result<ReportKind, Refusal> {
    match word {
        "worked" => Ok(ReportKind::Worked),
        "refused" => Ok(ReportKind::Refused),
        "cash_only" => Ok(ReportKind::CashOnly),
        _ => Err(anyhow::anyhow!("nothing of that name happens at a till").into()),
    }
}

fn ask_of(joining: Joining) -> JoinAsk {
    let Joining { user_id, password, settlement_code, name, address, phone, email } = joining;
    testkit::secret("password", &password);
    testkit::secret("settlement code", &settlement_code);
    JoinAsk { user_id, password, settlement_code, name, address, phone, email }
}
