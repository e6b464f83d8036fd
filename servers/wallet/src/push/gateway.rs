//! The way out for pushes: a company's own, to the providers of its apps, or a file while developing.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::PathBuf,
};

use serde::Serialize;

/// Something is new for a device: no amount, store, kind or name, which providers and lock screens would
/// see.
#[derive(Serialize)]
pub struct Push {
    /// The device, as the list of devices names it.
    pub device: String,
    /// The app's word for the provider.
    pub service: String,
    /// By what the provider reaches the device.
    #[serde(skip)]
    pub token: ProviderToken,
    /// The newest event, the same where a push is sent again.
    pub id: i64,
}

impl Push {
    /// A push to the device of this id, by the provider and its token.
    pub fn new(device: String, service: String, token: String, id: i64) -> Self {
        Self { device, service, token: ProviderToken(token), id }
    }
}

/// By what a provider reaches a device. Secret: it is shown to the provider alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderToken(String);

impl ProviderToken {
    /// The text, for the provider.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What a provider said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It took the push.
    Taken,
    /// It knows the token no more: the server forgets it.
    Gone,
}

/// Hands pushes to the providers.
pub trait PushGateway: Send + Sync {
    /// Hands over one; may block. The provider may deliver it late, never, or one for several.
    ///
    /// # Errors
    /// When the provider did not take it for now; it is tried again. The kind is logged, so the error
    /// must not quote the token.
    fn push(&self, push: &Push) -> io::Result<Delivery>;
}

/// Writes pushes to a file, a line of JSON each without the token, instead of sending them: for
/// development.
pub struct FileGateway {
    file: PathBuf,
}

impl FileGateway {
    /// Adds to `file`; `-` is standard output.
    pub fn new(file: PathBuf) -> Self {
        Self { file }
    }
}

impl PushGateway for FileGateway {
    fn push(&self, push: &Push) -> io::Result<Delivery> {
        let line = serde_json::to_string(push)? + "\n";
        if self.file.as_os_str() == "-" {
            io::stdout().write_all(line.as_bytes())?;
            return Ok(Delivery::Taken);
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.file)?.write_all(line.as_bytes())?;
        Ok(Delivery::Taken)
    }
}
