//! Listens while that is wanted, and looks for the radio again while it is not there.

use std::time::Duration;

use btleplug::api::{CentralEvent, CentralState};
use futures_util::StreamExt;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval, sleep},
};

use super::{adapter::Adapter, advert::Advert, state::RadioState, wanted::Wanted};

/// How often the radio is asked whether it is still there: a radio that went away says nothing.
const STILL_THERE_EVERY: Duration = Duration::from_secs(1);

/// When a radio that is missing, off or not allowed is looked for again.
const AGAIN: Duration = Duration::from_secs(5);

/// Why listening ended.
enum Ended {
    /// Something else is wanted.
    Unwanted,
    /// Nobody hears any more.
    Unheard,
}

/// Does what is wanted until that is the end, or `heard` answers that nobody hears any more.
pub async fn listen_as(
    mut wanted: watch::Receiver<Wanted>,
    mut told: impl FnMut(RadioState),
    mut heard: impl FnMut(&Advert) -> bool,
) {
    let mut last = None;
    let mut tell = move |state: RadioState| {
        if last.as_ref() != Some(&state) {
            last = Some(state.clone());
            told(state);
        }
    };
    loop {
        let now = *wanted.borrow_and_update();
        let waits = match now {
            Wanted::End => return,
            Wanted::Rest => {
                tell(RadioState::Resting);
                None
            }
            Wanted::Listen(_) => match listen(&mut wanted, now, &mut tell, &mut heard).await {
                Ok(Ended::Unwanted) => continue,
                Ok(Ended::Unheard) => return,
                Err(problem) => {
                    tell(problem);
                    Some(AGAIN)
                }
            },
        };
        let again = async {
            match waits {
                Some(time) => sleep(time).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = wanted.changed() => if changed.is_err() { return },
            () = again => {}
        }
    }
}

async fn listen(
    wanted: &mut watch::Receiver<Wanted>,
    mut now: Wanted,
    tell: &mut impl FnMut(RadioState),
    heard: &mut impl FnMut(&Advert) -> bool,
) -> Result<Ended, RadioState> {
    let mut adapter = Adapter::open().await?;
    let mut events = adapter.events().await?;
    adapter.start().await?;
    tell(RadioState::Listening { adapter: adapter.name().await? });
    let mut still_there = interval(STILL_THERE_EVERY);
    still_there.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let event = tokio::select! {
            event = events.next() => event.ok_or(RadioState::Gone)?,
            _ = still_there.tick() => {
                adapter.name().await?;
                continue;
            }
            changed = wanted.changed() => {
                let next = *wanted.borrow_and_update();
                let goes_on = changed.is_ok() && matches!(next, Wanted::Listen(_));
                if goes_on && next == now {
                    continue;
                }
                adapter.stop().await;
                if !goes_on {
                    return Ok(Ended::Unwanted);
                }
                now = next;
                adapter.start().await?;
                continue;
            }
        };
        if matches!(event, CentralEvent::StateUpdate(CentralState::PoweredOff)) {
            return Err(RadioState::Off);
        }
        if let Some(advert) = adapter.advert(event).await
            && !heard(&advert)
        {
            adapter.stop().await;
            return Ok(Ended::Unheard);
        }
    }
}
