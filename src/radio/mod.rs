//! Beside the flow, feature `ble`: listens with the computer's own Bluetooth where no app brings a radio: in a
//! kiosk, a car, on a desktop. Comes in: the wallet's sensing plan. Goes out: what is heard, to the wallet, and
//! how the radio stands, to whoever wants to show it. Must not know: how any of it is judged.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use tillsight::{Wallet, plan::SensingPolicy, radio::{Radio, RadioState}};
//!
//! # fn show(_: &str) {}
//! fn listen(wallet: &Arc<Wallet>) -> Result<Radio, tillsight::WalletError> {
//!     // Keep it: it listens until it is dropped.
//!     Radio::follow(wallet, SensingPolicy::Always, |state| match state {
//!         RadioState::Resting | RadioState::Listening { .. } => {}
//!         RadioState::NoAdapter => show("Plug a Bluetooth adapter in."),
//!         RadioState::Off => show("Switch Bluetooth on."),
//!         RadioState::NotAllowed => show("Allow this program to use Bluetooth."),
//!         _ => show("Bluetooth does not answer."),
//!     })
//! }
//! ```

mod adapter;
mod advert;
mod ear;
mod state;
mod wanted;

use std::{
    io,
    sync::{Arc, Weak},
    thread::{self, JoinHandle},
};

use tokio::sync::watch;

pub use advert::Advert;
pub use state::RadioState;
use state::where_changed;
use wanted::Wanted;

use crate::{
    error::WalletError,
    plan::{BeaconMode, Platform, SensingPlan, SensingPolicy},
    wallet::{PlanListener, Wallet},
};

/// A radio that listens on a thread of its own, until it is dropped.
pub struct Radio {
    wanted: Arc<watch::Sender<Wanted>>,
    thread: Option<JoinHandle<()>>,
}

impl Radio {
    /// Listens whenever the wallet's plan says so, hands it what is heard, and says how the radio stands whenever
    /// that changes. A radio that is missing, off or not allowed is looked for again every few seconds, and never
    /// switched on. Where the plan only watches, it listens in turns: two seconds of every ten. It takes the place of
    /// the wallet's plan listener, of which there is one; what the plan says of other sensors is not followed.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when the operating system gives no thread.
    pub fn follow(
        wallet: &Arc<Wallet>,
        policy: SensingPolicy,
        told: impl FnMut(RadioState) + Send + 'static,
    ) -> Result<Self, WalletError> {
        let (hearing, judging) = (Arc::downgrade(wallet), Arc::downgrade(wallet));
        let heard = move |advert: &Advert| hand_over(&hearing, advert);
        let mut told = where_changed(told);
        let told = move |state: RadioState, hears: bool| {
            // Silence says something only while something listens.
            if let Some(wallet) = judging.upgrade() {
                wallet.scanning(hears);
            }
            told(state);
        };
        let radio =
            Self::start(Wanted::Rest, told, heard).map_err(|_| WalletError::storage("radio"))?;
        let plans = Arc::new(Plans(Arc::clone(&radio.wanted)));
        // Its limits are the narrower ones; filters, fences and Wi-Fi are left to apps.
        wallet.set_plan_listener(policy, Platform::Android, Some(plans))?;
        Ok(radio)
    }

    /// Listens all the time and for everything, without a wallet.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn always(
        told: impl FnMut(RadioState) + Send + 'static,
        mut heard: impl FnMut(&Advert) + Send + 'static,
    ) -> io::Result<Self> {
        let mut told = where_changed(told);
        let told = move |state: RadioState, _| told(state);
        Self::start(Wanted::Listen(0), told, move |advert| {
            heard(advert);
            true
        })
    }

    fn start(
        first: Wanted,
        told: impl FnMut(RadioState, bool) + Send + 'static,
        heard: impl FnMut(&Advert) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (wanted, wants) = watch::channel(first);
        let run = move || ear::listen_as(wants, told, heard);
        let thread = thread::Builder::new().name("tillsight-radio".to_owned()).spawn(run)?;
        Ok(Self { wanted: wanted.into(), thread: Some(thread) })
    }

    /// Stops listening, and waits until the adapter was told.
    pub fn stop(mut self) {
        self.wanted.send_replace(Wanted::End);
        if let Some(thread) = self.thread.take() {
            // One that panicked has stopped, too.
            let _ = thread.join();
        }
    }
}

impl Drop for Radio {
    /// Nobody waits for the thread: it may be the one that drops this.
    fn drop(&mut self) {
        self.wanted.send_replace(Wanted::End);
    }
}

/// Hears the wallet's plans.
struct Plans(Arc<watch::Sender<Wanted>>);

impl PlanListener for Plans {
    fn on_plan(&self, plan: SensingPlan) {
        let next = match plan.beacons {
            BeaconMode::Off => Wanted::Rest,
            BeaconMode::Watch => Wanted::Watch(plan.beacon_starts),
            BeaconMode::Burst => Wanted::Listen(plan.beacon_starts),
        };
        self.0.send_if_modified(|wanted| {
            let is_new = *wanted != Wanted::End && *wanted != next;
            if is_new {
                *wanted = next;
            }
            is_new
        });
    }
}

/// Gives the wallet what was heard; whether there still is one.
fn hand_over(wallet: &Weak<Wallet>, advert: &Advert) -> bool {
    let Some(wallet) = wallet.upgrade() else { return false };
    for report in advert.reports(wallet.now_ms()) {
        // What is no beacon of the network is most of what is in the air.
        let _ = wallet.sense_beacon(report);
    }
    true
}
