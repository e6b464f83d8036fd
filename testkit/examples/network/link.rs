//! The link between the two namespaces: packets of the phone's TUN device go to the servers' and back,
//! late, or not at all.

use std::{
    os::unix::net::UnixDatagram,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tun_rs::{DeviceBuilder, SyncDevice};

use crate::namespaces::ip;

/// Of both devices. IPv6 asks for 1280 at least.
const MTU: u16 = 1400;
const DEVICE: &str = "tillsight0";
/// The phone's address, another one that it changes to, and the servers'.
pub const PHONE: &str = "10.77.0.2";
pub const PHONE_LATER: &str = "10.77.0.3";
pub const SERVERS: &str = "10.77.0.1";
pub const SERVERS_V6: &str = "fd77::1";
const PHONE_V6: &str = "fd77::2";

/// What the link does to packets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// Each way.
    pub delay: Duration,
    /// Of a hundred packets so many are lost, each way.
    pub lost_percent: u32,
    /// Nothing passes.
    pub is_cut: bool,
}

/// What the link does now. Cheap to clone.
#[derive(Clone, Default)]
pub struct Link(
    /// Set by the case under way, read for each packet.
    Arc<Mutex<Weather>>,
);

impl Link {
    /// What it does from now on.
    pub fn set(&self, weather: Weather) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// What it does now.
    pub fn weather(&self) -> Weather {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The phone's end: its device, and all that the link does.
///
/// # Errors
/// When the device cannot be made.
pub fn phones_end(folder: &Path, link: &Link, seed: u64) -> Result<()> {
    let device = device(&[PHONE, PHONE_LATER], PHONE_V6)?;
    let socket = Arc::new(UnixDatagram::bind(folder.join("phone"))?);
    let servers = folder.join("servers");
    let (there, to_there) = channel();
    let (here, to_here) = channel();
    let (from_device, to_socket) = (Arc::clone(&device), Arc::clone(&socket));
    let [mut going, mut coming] = [seed, !seed].map(ChaCha8Rng::seed_from_u64);
    let passing = link.clone();
    thread::spawn(move || {
        receive(
            |packet| from_device.recv(packet).ok(),
            |packet| pass(&passing, &mut going, packet).is_none_or(|late| there.send(late).is_ok()),
        );
    });
    thread::spawn(move || deliver(&to_there, |packet| drop(to_socket.send_to(packet, &servers))));
    let passing = link.clone();
    thread::spawn(move || {
        receive(
            |packet| socket.recv(packet).ok(),
            |packet| pass(&passing, &mut coming, packet).is_none_or(|late| here.send(late).is_ok()),
        );
    });
    thread::spawn(move || deliver(&to_here, |packet| drop(device.send(packet))));
    Ok(())
}

/// The servers' end: it passes on what comes.
///
/// # Errors
/// When the device cannot be made.
pub fn servers_end(folder: &Path) -> Result<()> {
    let device = device(&[SERVERS], SERVERS_V6)?;
    let socket = Arc::new(UnixDatagram::bind(folder.join("servers"))?);
    let phone = folder.join("phone");
    let (from_device, to_socket) = (Arc::clone(&device), Arc::clone(&socket));
    thread::spawn(move || {
        receive(
            |packet| from_device.recv(packet).ok(),
            |packet| {
                // The phone's end may be gone: so is the packet then.
                let _ = to_socket.send_to(packet, &phone);
                true
            },
        );
    });
    thread::spawn(move || {
        receive(|packet| socket.recv(packet).ok(), |packet| device.send(packet).is_ok());
    });
    Ok(())
}

fn device(addresses: &[&str], v6: &str) -> Result<Arc<SyncDevice>> {
    let device = DeviceBuilder::new().name(DEVICE).build_sync().context("no TUN device")?;
    ip("link set lo up")?;
    ip(&format!("link set {DEVICE} mtu {MTU} up"))?;
    for address in addresses {
        ip(&format!("addr add {address}/24 dev {DEVICE}"))?;
    }
    ip(&format!("-6 addr add {v6}/64 dev {DEVICE} nodad"))?;
    Ok(Arc::new(device))
}

/// The phone gets another address in place of the one it has.
///
/// # Errors
/// When it cannot be changed.
pub fn change_address() -> Result<()> {
    // The first address goes: the kernel sends from the other one.
    ip(&format!("addr del {PHONE}/24 dev {DEVICE}"))?;
    ip(&format!("addr replace {PHONE_LATER}/24 dev {DEVICE}"))
}

fn receive(mut from: impl FnMut(&mut [u8]) -> Option<usize>, mut take: impl FnMut(&[u8]) -> bool) {
    let mut buffer = vec![0; usize::from(MTU) + 64];
    while let Some(length) = from(&mut buffer) {
        if !buffer.get(..length).is_some_and(&mut take) {
            return;
        }
    }
}

/// A packet and when it arrives.
type Late = (Instant, Vec<u8>);

/// IPv6 is a black hole here: it is announced, and nothing of it arrives.
fn pass(link: &Link, random: &mut ChaCha8Rng, packet: &[u8]) -> Option<Late> {
    let Weather { delay, lost_percent, is_cut } = link.weather();
    let is_v6 = packet.first().is_some_and(|first| first >> 4 == 6);
    let is_lost = random.random_range(0..100) < lost_percent;
    (!is_v6 && !is_cut && !is_lost).then(|| (Instant::now() + delay, packet.to_vec()))
}

fn deliver(packets: &Receiver<Late>, mut to: impl FnMut(&[u8])) {
    while let Ok((due, packet)) = packets.recv() {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        to(&packet);
    }
}
