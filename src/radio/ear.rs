//! Listens while that is wanted, and looks for the radio again while it is not there.

use std::{io, time::Duration};

use btleplug::api::{CentralEvent, CentralState};
use futures_util::StreamExt;
use tokio::{
    runtime,
    sync::watch,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use super::{
    adapter::Adapter,
    advert::Advert,
    state::{RadioState, where_changed},
    wanted::Wanted,
};

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

/// Does what is wanted until that is the end, or `heard` answers that nobody hears any more. `told` is also told
/// whether anything could be heard at that moment: where it listens in turns, it cannot in between.
///
/// Every try has a runtime of its own, dropped before anything is said of its end: btleplug keeps its connection
/// to the bus for as long as its runtime lives, so that a radio that is looked for again and again would use up the
/// bus's connections, and it tells the bus what it does not want to hear any more, or panics when that is gone.
pub fn listen_as(
    mut wanted: watch::Receiver<Wanted>,
    mut told: impl FnMut(RadioState, bool),
    mut heard: impl FnMut(&Advert) -> bool,
) {
    let mut tell = where_changed(move |(state, hears)| told(state, hears));
    loop {
        let now = *wanted.borrow_and_update();
        let again = match now {
            Wanted::End => return,
            Wanted::Rest => {
                tell((RadioState::Resting, false));
                None
            }
            Wanted::Watch(_) | Wanted::Listen(_) => {
                let listening = listen(&mut wanted, now, &mut tell, &mut heard);
                match on_a_runtime(listening).unwrap_or(Err(RadioState::NoService)) {
                    Ok(Ended::Unwanted) => continue,
                    Ok(Ended::Unheard) => return,
                    Err(problem) => {
                        tell((problem, false));
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

/// When something that goes on for so long from now on ends.
fn after(time: Option<Duration>) -> Option<Instant> {
    time.map(|time| Instant::now() + time)
}

/// Waits until then; without a time for ever.
async fn until(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => std::future::pending().await,
    }
}

async fn listen(
    wanted: &mut watch::Receiver<Wanted>,
    mut now: Wanted,
    tell: &mut impl FnMut((RadioState, bool)),
    heard: &mut impl FnMut(&Advert) -> bool,
) -> Result<Ended, RadioState> {
    let mut adapter = Adapter::open().await?;
    let mut events = adapter.events().await?;
    adapter.start().await?;
    let listening = RadioState::Listening { adapter: adapter.name().await? };
    let mut hears = true;
    tell((listening.clone(), hears));
    let mut turn_ends = after(now.turn(hears));
    let mut still_there = interval(STILL_THERE_EVERY);
    still_there.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let event = tokio::select! {
            event = events.next() => event.ok_or(RadioState::Gone)?,
            _ = still_there.tick() => {
                adapter.name().await?;
                continue;
            }
            () = until(turn_ends) => {
                hears = !hears;
                match hears {
                    true => adapter.start().await?,
                    false => adapter.stop().await,
                }
                tell((listening.clone(), hears));
                turn_ends = after(now.turn(hears));
                continue;
            }
            changed = wanted.changed() => {
                let next = *wanted.borrow_and_update();
                let goes_on = changed.is_ok() && next.listens();
                if goes_on && next == now {
                    continue;
                }
                if hears {
                    adapter.stop().await;
                }
                if !goes_on {
                    return Ok(Ended::Unwanted);
                }
                (now, hears) = (next, true);
                adapter.start().await?;
                tell((listening.clone(), hears));
                turn_ends = after(now.turn(hears));
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
