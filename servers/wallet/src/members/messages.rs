//! What members are told outside the app: codes that prove a contact, and that it is another.

use std::{fs::OpenOptions, io, io::Write, path::PathBuf, sync::Arc};

use serde::Serialize;
use tokio::task::spawn_blocking;

/// A message to one person. Its text and language are the sender's.
#[derive(Clone, Serialize)]
pub struct Message {
    /// The e-mail address. Personal.
    pub to: String,
    /// What it says.
    pub purpose: Purpose,
    /// The code it carries, if it carries one. Secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// With this code the person becomes a member.
    Join,
    /// With this code the member sets the password anew.
    ResetPassword,
    /// With this code, and the password, the member sets the settlement code anew.
    ResetSettlementCode,
    /// With this code further codes go to this address.
    ChangeEmail,
    /// Codes go to another address from now on, and no longer to this one.
    EmailChanged,
}

/// Sends messages: a company's own gateway, or [`FileSender`] while developing.
pub trait MessageSender: Send + Sync {
    /// Sends one; may block.
    ///
    /// # Errors
    /// When it was not sent. The kind is logged, so the error must not quote the message.
    fn send(&self, message: &Message) -> io::Result<()>;
}

/// Writes messages to a file, a line of JSON each, instead of sending them: for development.
pub struct FileSender {
    file: PathBuf,
}

impl FileSender {
    /// Adds to `file`; `-` is standard output.
    pub fn new(file: PathBuf) -> Self {
        Self { file }
    }
}

impl MessageSender for FileSender {
    fn send(&self, message: &Message) -> io::Result<()> {
        let line = serde_json::to_string(message)? + "\n";
        if self.file.as_os_str() == "-" {
            return io::stdout().write_all(line.as_bytes());
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.file)?.write_all(line.as_bytes())
    }
}

/// The way out for messages.
#[derive(Clone)]
pub struct Messages(Arc<dyn MessageSender>);

impl Messages {
    /// Messages go by `sender`.
    pub fn by(sender: Arc<dyn MessageSender>) -> Self {
        Self(sender)
    }

    /// Sends a message beside the answer, whose time must not tell whether there was one.
    pub fn send(&self, message: Message) {
        let Self(sender) = self.clone();
        spawn_blocking(move || {
            if let Err(error) = sender.send(&message) {
                tracing::error!(kind = %error.kind(), "a message was not sent");
            }
        });
    }
}
