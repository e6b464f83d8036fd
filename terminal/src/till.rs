//! One charge at the till, from the first code to its end, through failures of the network.

use std::time::Duration;

use domain::wire::{Charge, ChargeRequest, ChargeState, PaymentSign};
use uuid::Uuid;

use crate::{Keyed, refusal::Refusal, renewal::Renewal};

/// How often the server is asked whether somebody pays.
const LOOK: Duration = Duration::from_secs(1);

/// What the cashier is shown next.
#[derive(Debug)]
pub enum TillEvent {
    /// The code to be scanned, until another is shown.
    Code(PaymentSign),
    /// The code that was shown last is good no more, and there is no new one.
    CodeEnded,
    /// Somebody has begun to pay.
    Paying,
    /// The server does not answer, for this reason; what is shown may be out of date.
    Away(anyhow::Error),
    /// The server refuses the charge in its own words: nothing was asked for.
    Refused(anyhow::Error),
    /// It is over: paid, or ended.
    Over(Charge),
}

/// A charge under way.
pub struct Till<'a> {
    terminal: &'a Keyed,
    charge: Uuid,
    /// What is asked for, until the server is known to have it.
    asked: Option<ChargeRequest>,
    renewal: Option<Renewal>,
    /// When the code is renewed, seconds since 1970.
    renew_at_s: i64,
    is_paying: bool,
}

impl<'a> Till<'a> {
    /// Asks to be paid, under an id that the caller made: a charge that was asked for before is gone
    /// on with. It is asked for again, under the same id, until the server has answered.
    pub fn new(terminal: &'a Keyed, id: Uuid, asked: ChargeRequest) -> Self {
        let (asked, renewal) = (Some(asked), None);
        Self { terminal, charge: id, asked, renewal, renew_at_s: 0, is_paying: false }
    }

    /// What there is to show at `now_s` (seconds since 1970), and how long to wait before asking
    /// again.
    pub fn next(&mut self, now_s: i64) -> (Option<TillEvent>, Duration) {
        match self.charge() {
            Err(error) => (Some(self.failed(error)), LOOK),
            Ok(charge) => match charge.state {
                ChargeState::Open => (self.code(now_s), LOOK),
                ChargeState::Paying => {
                    let is_news = !std::mem::replace(&mut self.is_paying, true);
                    // Should it be given up, a code is shown anew.
                    self.renew_at_s = 0;
                    (is_news.then_some(TillEvent::Paying), LOOK)
                }
                ChargeState::Paid | ChargeState::Ended => {
                    (Some(TillEvent::Over(charge)), Duration::ZERO)
                }
            },
        }
    }

    /// What has become of the charge, which is asked for first.
    fn charge(&mut self) -> anyhow::Result<Charge> {
        let Some(asked) = &self.asked else { return self.terminal.charge_of(self.charge) };
        let charge = self.terminal.charge(self.charge, asked)?;
        self.asked = None;
        Ok(charge)
    }

    /// What the server says against a charge that it does not have ends it.
    fn failed(&self, error: anyhow::Error) -> TillEvent {
        let refusal = error.downcast_ref::<Refusal>().filter(|refusal| !refusal.is_for_now());
        match refusal {
            Some(_) if self.asked.is_some() => TillEvent::Refused(error),
            _ => TillEvent::Away(error),
        }
    }

    /// A new code when it is time for one.
    fn code(&mut self, now_s: i64) -> Option<TillEvent> {
        self.is_paying = false;
        if now_s < self.renew_at_s {
            return None;
        }
        let in_seconds = |wait: Duration| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
        match self.terminal.code(self.charge) {
            Ok(sign) => {
                let renewal = Renewal::shown(sign.expires_at.unix_seconds());
                self.renew_at_s = now_s.saturating_add(in_seconds(renewal.wait(now_s)));
                self.renewal = Some(renewal);
                Some(TillEvent::Code(sign))
            }
            Err(error) => {
                let retry = self.renewal.as_mut().map(|renewal| renewal.failed(now_s));
                let wait = retry.as_ref().map_or(LOOK, |retry| retry.wait);
                self.renew_at_s = now_s.saturating_add(in_seconds(wait));
                let is_good = retry.is_some_and(|retry| retry.still_good);
                Some(if is_good { TillEvent::Away(error) } else { TillEvent::CodeEnded })
            }
        }
    }
}
