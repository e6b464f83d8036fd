//! What the app gives the core: key store, clock, and a way to the server.

use std::fmt;

/// Seals and opens small secrets with a key that never leaves the platform: Android Keystore, the
/// Secure Enclave through the Keychain. The core gives it one 32-byte data key.
#[uniffi::export(rust, foreign)]
pub trait KeyStore: Send + Sync {
    /// Encrypts and authenticates `secret` (32 bytes) for this app on this phone.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;

    /// The reverse of [`KeyStore::seal`].
    ///
    /// # Errors
    /// [`KeyStoreError::Lost`] when the platform's key is gone (restored backup, changed lock
    /// screen): the member logs in again.
    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError>;

    /// Deletes the platform's key: nothing it sealed opens ever again. The next [`KeyStore::seal`]
    /// makes another. Called at log-out, so that an old copy of the vault is worth nothing.
    ///
    /// # Errors
    /// [`KeyStoreError`]; a key that is gone already is no error.
    fn forget(&self) -> Result<(), KeyStoreError>;
}

/// Why the platform's key store gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyStoreError {
    /// Locked until the phone is unlocked; the same call may work later.
    #[error("key store is locked")]
    Locked,
    /// The key is gone or does not fit what it should open.
    #[error("key is lost")]
    Lost,
}

/// A panic or an unknown exception of the app's own code.
impl From<uniffi::UnexpectedUniFFICallbackError> for KeyStoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Lost
    }
}

/// A wall clock in place of the operating system's, for tests and demonstrations: it is asked in every
/// call, and each asking is a call back into the app.
#[uniffi::export(rust, foreign)]
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
}

/// The operating system's clock, which the wallet reads when none is lent.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Most header fields of a request or a reply.
pub const MOST_HEADERS: usize = 64;

/// Most bytes that their names and values have together.
pub const MOST_HEADER_BYTES: usize = 16 << 10;

/// One header field of a request or a reply.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct HttpHeader {
    /// Upper and lower case mean the same.
    pub name: String,
    /// Visible ASCII and blanks.
    pub value: String,
}

/// One call to the wallet server.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct HttpRequest {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Absolute.
    pub url: String,
    /// To be sent as they are, among them the member's token (`Authorization`) and the proof that goes
    /// with it (`DPoP`), which is good once: a request is sent once. At most 64, of 16 KiB together.
    pub headers: Vec<HttpHeader>,
    /// JSON, or empty.
    pub body: Vec<u8>,
    /// How long the head of the answer may take, milliseconds: after that the server is away. The whole
    /// answer may take 8 seconds.
    #[uniffi(default = 4000)]
    pub answer_within_ms: u32,
}

/// What came back.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct HttpReply {
    /// The HTTP status.
    pub status: u16,
    /// All header fields, each as often as it came, among them `DPoP-Nonce`. A reply with more than 64, or more than 16 KiB
    /// of them, is refused.
    pub headers: Vec<HttpHeader>,
    /// The body, decompressed, at most 8 MiB.
    pub body: Vec<u8>,
}

impl HttpReply {
    /// The value of the first field of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(&found.value)
    }

    /// Whether there are no more header fields than a phone reads.
    pub fn is_bounded(&self) -> bool {
        let bytes: usize =
            self.headers.iter().map(|header| header.name.len() + header.value.len()).sum();
        self.headers.len() <= MOST_HEADERS && bytes <= MOST_HEADER_BYTES
    }
}

/// Leaves out the value, which may be a token.
impl fmt::Debug for HttpHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpHeader").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Leaves out the header fields and the body, which may hold a token and a password.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, url, .. } = self;
        f.debug_struct("HttpRequest")
            .field("method", method)
            .field("url", url)
            .finish_non_exhaustive()
    }
}

/// Leaves out the body, which may hold a token.
impl fmt::Debug for HttpReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpReply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why nothing usable came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HttpFailure {
    /// No connection, or it broke.
    #[error("server unreachable")]
    Unreachable,
    /// No complete answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than a phone reads.
    #[error("answer too large")]
    TooLarge,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HttpFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unreachable
    }
}

/// Carries calls to the wallet server. The core has one of its own (feature `http`); an app that
/// would rather use the platform's, with its proxies and trust rules, lends this.
#[uniffi::export(rust, foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends `request` and waits for the whole answer, at most 8 seconds, and for its head as long as
    /// the request says. Every status is an answer, not a failure; redirects are not followed. Several
    /// calls may be under way at once, each on a thread of its own.
    ///
    /// # Errors
    /// [`HttpFailure`].
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure>;
}
