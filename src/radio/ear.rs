//! Listens while that is wanted, and looks for the radio again while it is not there.

use std::{io, time::Duration};

use btleplug::api::{CentralEvent, CentralState};
use futures_util::StreamExt;
use tokio::{
    runtime,
    sync::watch,
    time::{MissedTickBehavior, interval, timeout},
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
///
/// Every try has a runtime of its own, dropped before anything is said of its end: btleplug keeps its connection
/// to the bus for as long as its runtime lives, so that a radio that is looked for again and again would use up the
/// bus's connections, and it tells the bus what it does not want to hear any more, or panics when that is gone.
pub fn listen_as(
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
        let again = match now {
            Wanted::End => return,
            Wanted::Rest => {
                tell(RadioState::Resting);
                None
            }
            Wanted::Listen(_) => {
                let listening = listen(&mut wanted, now, &mut tell, &mut heard);
                match on_a_runtime(listening).unwrap_or(Err(RadioState::NoService)) {
                    Ok(Ended::Unwanted) => continue,
                    Ok(Ended::Unheard) => return,
                    Err(problem) => {
                        tell(problem);
                        Some(AGAIN)
                    }
                }
            }
        };
        if !on_a_runtime(change(&mut wanted, again)).unwrap_or(false) {
            return;
        }
    }
}

/// What `future` yields, polled on this thread alone; nothing that it started goes on.
fn on_a_runtime<T>(future: impl Future<Output = T>) -> io::Result<T> {
    Ok(runtime::Builder::new_current_thread().enable_all().build()?.block_on(future))
}

/// Waits until something else is wanted, at most for this long; whether anything is wanted still.
async fn change(wanted: &mut watch::Receiver<Wanted>, at_most: Option<Duration>) -> bool {
    match at_most {
        Some(time) => timeout(time, wanted.changed()).await.map_or(true, |changed| changed.is_ok()),
        None => wanted.changed().await.is_ok(),
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
