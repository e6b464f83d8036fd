//! How the radio stands, as a value to show, and told where it changed.

/// How the radio stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RadioState {
    /// The plan wants nothing to be heard.
    Resting,
    /// It listens, all the time or in turns.
    Listening {
        /// What the platform calls the adapter.
        adapter: String,
    },
    /// The platform's Bluetooth service cannot be reached: on Linux BlueZ or the bus to it.
    NoService,
    /// There is no adapter.
    NoAdapter,
    /// Every adapter is switched off, perhaps just now.
    Off,
    /// This program may not use it.
    NotAllowed,
    /// The adapter does not listen: another program or a policy is in the way.
    Unwilling,
    /// It listened, and the adapter, its service or the bus to it is gone.
    Gone,
}

/// Hands on to `told` what is another than was handed on last.
pub fn where_changed<T: Clone + PartialEq>(mut told: impl FnMut(T)) -> impl FnMut(T) {
    let mut last = None;
    move |now: T| {
        if last.as_ref() != Some(&now) {
            told(now.clone());
            last = Some(now);
        }
    }
}
