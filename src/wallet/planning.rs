//! Tells the app what to listen for: a thread that asks the planner after every signal and while
//! time passes, and speaks only when the plan has changed.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use super::state::Inner;
use crate::entry::{
    Signal,
    plan::{BeaconMode, Planner, Platform, SensingPlan, SensingPolicy},
};

/// While something listens, runs end to the second.
const BUSY_TICK: Duration = Duration::from_secs(1);
/// Otherwise only the nine minutes after which a scan is renewed are waited for.
const IDLE_TICK: Duration = Duration::from_secs(60);

/// Is told what to listen for.
#[uniffi::export(rust, foreign)]
pub trait PlanListener: Send + Sync {
    /// Called from a thread of the core, once at first and then whenever the app must act. It may
    /// call the wallet back.
    fn on_plan(&self, plan: SensingPlan);
}

/// Wakes the thread.
#[derive(Default)]
pub(super) struct Bell {
    state: Mutex<Rung>,
    rings: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Rung {
    #[default]
    Not,
    Once,
    Over,
}

impl Bell {
    /// A signal came.
    pub fn ring(&self) {
        self.set(Rung::Once);
    }

    fn set(&self, rung: Rung) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state != Rung::Over {
            *state = rung;
        }
        self.rings.notify_one();
    }

    /// Waits for a ring, at most `tick`; `Not` when that passed in silence.
    fn wait(&self, tick: Duration) -> Rung {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = |state: &mut Rung| *state == Rung::Not;
        let (mut state, _) = self
            .rings
            .wait_timeout_while(state, tick, silent)
            .unwrap_or_else(PoisonError::into_inner);
        let rung = *state;
        if rung == Rung::Once {
            *state = Rung::Not;
        }
        rung
    }
}

/// The thread's owner; the thread ends when this is dropped.
pub(super) struct Planning {
    bell: Arc<Bell>,
    inner: Arc<Inner>,
}

impl Planning {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub fn start(
        inner: Arc<Inner>,
        policy: SensingPolicy,
        platform: Platform,
        listener: Arc<dyn PlanListener>,
    ) -> std::io::Result<Self> {
        let bell = Arc::new(Bell::default());
        *inner.bell.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&bell));
        let planning = Self { bell: Arc::clone(&bell), inner: Arc::clone(&inner) };
        let run = move || inner.plan(&bell, &mut Planner::new(policy, platform), &*listener);
        thread::Builder::new().name("tillsight-plan".to_owned()).spawn(run)?;
        Ok(planning)
    }
}

impl Drop for Planning {
    /// Nobody waits for the thread: the app may be the one it is telling.
    fn drop(&mut self) {
        self.bell.set(Rung::Over);
        let mut bell = self.inner.bell.lock().unwrap_or_else(PoisonError::into_inner);
        if bell.as_ref().is_some_and(|bell| Arc::ptr_eq(bell, &self.bell)) {
            *bell = None;
        }
    }
}

impl Inner {
    fn plan(&self, bell: &Bell, planner: &mut Planner, listener: &dyn PlanListener) {
        let mut told = None;
        loop {
            let now = self.now();
            let plan = {
                let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
                let plan = planner.plan(now, &engine, &self.cache);
                if told == Some(plan.id) { None } else { Some(plan.clone()) }
            };
            if let Some(plan) = plan {
                told = Some(plan.id);
                listener.on_plan(plan);
            }
            let tick = if planner.busy() { BUSY_TICK } else { IDLE_TICK };
            match bell.wait(tick) {
                Rung::Over => return,
                Rung::Once => {}
                Rung::Not => {
                    // Signs grow old in silence, too.
                    if self.sense(self.now(), &Signal::Tick) {
                        self.tell();
                    }
                }
            }
        }
    }
}

impl Planner {
    /// Whether something listens that is to end soon.
    fn busy(&self) -> bool {
        let plan = self.current();
        plan.fixes_every_ms.is_some() || plan.beacons == BeaconMode::Burst
    }
}
