//! Network namespaces, made and set up by util-linux and iproute2.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// A network and mounts of its own, where this process's user is root.
const OWN: [&str; 4] = ["--user", "--map-root-user", "--net", "--mount"];

/// All that is needed, once.
const TRIED: &str = "ip link set lo up && ip tuntap add dev tillsight0 mode tun \
    && mount --bind /etc/hosts /etc/hosts && unshare --net true";

/// Whether this machine lets it be done.
pub fn can_be_made() -> bool {
    let mut tried = Command::new("unshare");
    tried.args(OWN).args(["sh", "-c", TRIED]);
    tried.stdout(Stdio::null()).stderr(Stdio::null());
    tried.status().is_ok_and(|status| status.success())
}

/// Runs this program again as the phone's side, in a namespace of its own.
///
/// # Errors
/// When it fails there.
pub fn again_in_one() -> Result<()> {
    let mut phone = Command::new("unshare");
    phone.args(OWN).arg(env::current_exe()?).arg("phone").args(env::args().skip(1));
    let status = phone.status().context("cannot run unshare")?;
    ensure!(status.success(), "the phone's side failed");
    Ok(())
}

/// This program as the servers' side, in a namespace beside this one.
///
/// # Errors
/// When this program cannot be found.
pub fn beside() -> Result<Command> {
    let mut servers = Command::new("unshare");
    servers.arg("--net").arg(env::current_exe()?);
    Ok(servers)
}

/// Sets something up by `ip`.
///
/// # Errors
/// When it cannot be.
pub fn ip(arguments: &str) -> Result<()> {
    let done = Command::new("ip").args(arguments.split(' ')).output().context("cannot run ip")?;
    ensure!(done.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// Names for the addresses of the servers, in this namespace alone.
///
/// # Errors
/// When they cannot be put in place.
pub fn name_hosts(folder: &Path, hosts: &str) -> Result<()> {
    let file = folder.join("hosts");
    std::fs::write(&file, hosts)?;
    let mounted = Command::new("mount").arg("--bind").arg(&file).arg("/etc/hosts").status()?;
    ensure!(mounted.success(), "the names of the servers cannot be put in place");
    Ok(())
}
