//! The way between the phone and the servers: the link of two namespaces, or a proxy of TCP.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use data_encoding::HEXLOWER;
use tempfile::TempDir;

use crate::{
    front::Fault,
    link::{self, Link, Weather},
    namespaces, proxy,
    servers::Reached,
};

/// The way, with the servers at its end; they end with it.
pub struct Way {
    /// What the link does.
    pub link: Link,
    /// What vouches for the register.
    pub root_key: String,
    /// Certificates to believe, DER.
    pub certificates: Vec<Vec<u8>>,
    /// Where the front answers, and the same by a name that has an address of IPv6, too.
    pub url: String,
    /// As `url` where there is no IPv6.
    pub url_with_v6: String,
    servers: Child,
    /// Taken when the servers are to end.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    _folder: TempDir,
}

impl Way {
    /// Starts the servers and makes the way to them, by packets or by a proxy.
    ///
    /// # Errors
    /// When they do not start or the way cannot be made.
    pub fn make(by_packets: bool, seed: u64) -> Result<Self> {
        let (folder, link) = (TempDir::new()?, Link::default());
        let mut servers = if by_packets {
            link::phones_end(folder.path(), &link, seed)?;
            let named = format!(
                "{0} wallet.test both.test\n{1} both.test\n",
                link::SERVERS,
                link::SERVERS_V6
            );
            namespaces::name_hosts(folder.path(), &named)?;
            let mut servers = namespaces::beside()?;
            servers.args(["servers", "--address", link::SERVERS, "--link"]).arg(folder.path());
            servers
        } else {
            let mut servers = Command::new(std::env::current_exe()?);
            servers.args(["servers", "--address", "127.0.0.1"]);
            servers
        };
        let mut servers = servers.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let orders = servers.stdin.take();
        let mut answers = BufReader::new(servers.stdout.take().context("no way from the servers")?);
        let mut line = String::new();
        answers.read_line(&mut line)?;
        let reached: Reached = serde_json::from_str(&line).context("the servers did not start")?;
        let port = reached.port;
        let (url, url_with_v6) = if by_packets {
            (format!("https://wallet.test:{port}"), format!("https://both.test:{port}"))
        } else {
            let there = SocketAddr::from(([127, 0, 0, 1], port));
            let url = format!("https://127.0.0.1:{}", proxy::start(there, &link)?.port());
            (url.clone(), url)
        };
        let decoded = |text: &String| HEXLOWER.decode(text.as_bytes());
        let certificates = reached.certificates.iter().map(decoded).collect::<Result<_, _>>()?;
        let root_key = reached.root_key;
        Ok(Self {
            link,
            root_key,
            certificates,
            url,
            url_with_v6,
            servers,
            orders,
            answers,
            _folder: folder,
        })
    }

    /// The servers' front has this fault from now on; all connections are closed.
    ///
    /// # Errors
    /// When the servers have ended.
    pub fn fault(&mut self, fault: Fault) -> Result<()> {
        let orders = self.orders.as_mut().context("no way to the servers")?;
        writeln!(orders, "{}", fault.name())?;
        orders.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        ensure!(line.trim_end() == fault.name(), "the servers have ended");
        Ok(())
    }

    /// All is well from now on.
    ///
    /// # Errors
    /// As [`Way::fault`].
    pub fn heal(&mut self) -> Result<()> {
        self.link.set(Weather::default());
        self.fault(Fault::None)
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        // They end with their input, and take their files with them; they may have ended by themselves.
        drop(self.orders.take());
        let _ = self.servers.wait();
    }
}
