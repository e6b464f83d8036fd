//! The account screen: who the member is, and the devices the member has logged in with.

use std::fmt;

use domain::{
    Timestamp,
    wire::{Device, MemberProfile, Profile},
};
use serde::{Deserialize, Serialize};

use super::ServerState;

/// Everything the account screen shows. Personal, so its `Debug` tells nothing of the member.
#[derive(Clone, PartialEq, Serialize, Deserialize, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct AccountScreen {
    /// `logged_out`: the forms to register and to log in. `away`: the server was asked for the rest and
    /// could not be reached, so the rest is empty.
    pub server: ServerState,
    /// What the member logs in with.
    pub user_id: Option<String>,
    /// Who the member is; absent for a member whom the wallet company put in.
    pub profile: Option<ProfileRow>,
    /// The devices the member has logged in with, the one used last first; at most 16.
    pub devices: Vec<DeviceRow>,
    /// When it was drawn, milliseconds since 1970.
    pub drawn_at_ms: i64,
}

/// Who a member is. Personal, so its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct ProfileRow {
    /// The member's name.
    pub name: String,
    /// In the order of the member's country.
    pub address: String,
    /// As the member wrote it.
    pub phone: String,
    /// Where codes are sent.
    pub email: String,
}

/// A device the member has logged in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, uniffi::Record)]
pub struct DeviceRow {
    /// Its id, with which it is logged out.
    pub id: String,
    /// As the member calls it, else its model; empty when it did not say.
    pub name: String,
    /// Its system; empty when it did not say.
    pub system: String,
    /// The app; empty when it did not say.
    pub app: String,
    /// When it first logged in, milliseconds since 1970; absent when that was not noted.
    pub since_ms: Option<i64>,
    /// When it logged in last, milliseconds since 1970.
    pub used_at_ms: i64,
    /// Whether it is logged in now.
    pub is_logged_in: bool,
    /// Whether it is this phone.
    pub is_this: bool,
}

impl fmt::Debug for AccountScreen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, devices, drawn_at_ms, .. } = self;
        f.debug_struct("AccountScreen")
            .field("server", server)
            .field("devices", devices)
            .field("drawn_at_ms", drawn_at_ms)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProfileRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileRow").finish_non_exhaustive()
    }
}

/// What the account screen is drawn from.
pub(crate) struct DrawAccount {
    /// What the server said, if it was heard.
    pub heard: Option<(MemberProfile, Vec<Device>)>,
    pub is_logged_in: bool,
    pub now: Timestamp,
    /// How far the server's clock, by which devices were used, is before the phone's.
    pub clock_ahead_ms: i64,
}

/// The account screen.
pub(crate) fn draw_account(from: DrawAccount) -> AccountScreen {
    let server = match (&from.heard, from.is_logged_in) {
        (_, false) => ServerState::LoggedOut,
        (Some(_), true) => ServerState::Live,
        (None, true) => ServerState::Away,
    };
    let (member, devices) = from.heard.filter(|_| from.is_logged_in).unzip();
    let (user_id, profile) = member.map(|member| (member.user_id, member.profile)).unzip();
    let row = |device| device_row(device, from.clock_ahead_ms);
    AccountScreen {
        server,
        user_id,
        profile: profile.flatten().map(profile_row),
        devices: devices.unwrap_or_default().into_iter().map(row).collect(),
        drawn_at_ms: from.now.0,
    }
}

fn profile_row(Profile { name, address, phone, email }: Profile) -> ProfileRow {
    ProfileRow { name, address, phone, email }
}

fn device_row(device: Device, clock_ahead_ms: i64) -> DeviceRow {
    let on_this_clock = |Timestamp(at): Timestamp| at.saturating_sub(clock_ahead_ms);
    let Device { id, description, since, used_at, is_logged_in, is_this } = device;
    DeviceRow {
        id,
        name: description.name,
        system: description.system,
        app: description.app,
        since_ms: (since.0 != 0).then(|| on_this_clock(since)),
        used_at_ms: on_this_clock(used_at),
        is_logged_in,
        is_this,
    }
}
