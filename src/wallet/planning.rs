//! Says to the app what to listen for: a thread that asks the planner after every signal and while
//! time passes, and calls the app only when the plan has changed.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use crate::plan::{BeaconMode, Planner, SensingPlan};

/// While something listens, runs end to the second.
const BUSY_TICK: Duration = Duration::from_secs(1);
/// Otherwise only the nine minutes after which a scan is renewed are waited for.
const IDLE_TICK: Duration = Duration::from_secs(60);

/// Is called with what to listen for.
#[uniffi::export(rust, foreign)]
pub trait PlanListener: Send + Sync {
    /// Called from a thread of the core, once at first and then whenever the app must act. It may
    /// call the wallet back.
    fn on_plan(&self, plan: SensingPlan);
}

/// Wakes the thread.
#[derive(Default)]
pub(super) struct Callback {
    /// `Over` stays for ever; `Due` until the thread has seen it.
    state: Mutex<Due>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Due {
    #[default]
    Not,
    Now,
    Over,
}

impl Callback {
    /// A signal came.
    pub fn call(&self) {
        self.set(Due::Now);
    }

    fn set(&self, due: Due) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state != Due::Over {
            *state = due;
        }
        self.changed.notify_one();
    }

    /// Waits for a signal, at most `tick`; `Not` when that passed in silence.
    fn wait(&self, tick: Duration) -> Due {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = |state: &mut Due| *state == Due::Not;
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, tick, silent)
            .unwrap_or_else(PoisonError::into_inner);
        let due = *state;
        if due == Due::Now {
            *state = Due::Not;
        }
        due
    }
}

/// The thread's owner; the thread ends when this is dropped.
pub(super) struct Planning {
    callback: Arc<Callback>,
}

impl Planning {
    /// Starts the thread, which `callback` wakes. `plan` asks the planner now; `tick` lets time pass
    /// in the judgement.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub fn start(
        callback: Arc<Callback>,
        planner: Planner,
        listener: Arc<dyn PlanListener>,
        plan: impl Fn(&mut Planner) -> SensingPlan + Send + 'static,
        tick: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let theirs = Arc::clone(&callback);
        let run = move || follow(&theirs, planner, &*listener, plan, tick);
        thread::Builder::new().name("tillsight-plan".to_owned()).spawn(run)?;
        Ok(Self { callback })
    }
}

impl Drop for Planning {
    /// Nobody waits for the thread: the app may be the one it is calling.
    fn drop(&mut self) {
        self.callback.set(Due::Over);
    }
}

fn follow(
    callback: &Callback,
    mut planner: Planner,
    listener: &dyn PlanListener,
    plan: impl Fn(&mut Planner) -> SensingPlan,
    tick: impl Fn(),
) {
    let mut said = None;
    loop {
        let plan = plan(&mut planner);
        if said != Some(plan.id) {
            said = Some(plan.id);
            listener.on_plan(plan);
        }
        let longest = if busy(planner.current()) { BUSY_TICK } else { IDLE_TICK };
        match callback.wait(longest) {
            Due::Over => return,
            Due::Now => {}
            // Signs grow old in silence, too.
            Due::Not => tick(),
        }
    }
}

/// Whether something listens that is to end soon.
fn busy(plan: &SensingPlan) -> bool {
    plan.fixes_every_ms.is_some() || plan.beacons == BeaconMode::Burst
}
