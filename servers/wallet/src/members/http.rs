//! Log-in and log-out, and the member a request comes from.

use std::net::IpAddr;

use axum::{
    Router,
    extract::{FromRef, FromRequestParts, State},
    http::{HeaderName, StatusCode, header, request::Parts},
    routing::post,
};
use domain::wire::{LoginRequest, Session};
use server_kit::{Clock, Database, Json, Peer, ProxyArgs, Refused, bearer, hex, random_bytes};
use sha2::{Digest, Sha256};

use super::{
    passwords::{Passwords, SecretKind, is_outdated},
    rows,
    rules::{MAX_DEVICE, MAX_USER_ID, MustWait, PASSWORD_LENGTH, Subject, network_of},
};

/// What is told of a member must not be cached.
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
/// An answer for one member alone.
pub type Private<T> = ([(HeaderName, &'static str); 1], axum::Json<T>);

/// `body`, for one member alone.
pub fn private<T>(body: T) -> Private<T> {
    (NO_STORE, axum::Json(body))
}

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Passwords: FromRef<S>,
    ProxyArgs: FromRef<S>,
{
    Router::new().route("/v1/sessions", post(log_in).delete(log_out))
}

/// The member whose token came with the request.
pub struct Member {
    /// The row in `member`.
    pub id: String,
    token: String,
}

impl<S> FromRequestParts<S> for Member
where
    S: Send + Sync,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let token = bearer(&parts.headers)
            .ok_or_else(|| Refused::unauthorized("Log in and send Authorization: Bearer TOKEN."))?;
        let now = Clock::from_ref(state).now();
        let id = rows::member_of(&Database::from_ref(state), token, now).await?;
        let id = id.ok_or_else(|| Refused::unauthorized("The session is over: log in."))?;
        Ok(Self { id, token: token.to_owned() })
    }
}

/// Where a request comes from.
pub struct Source(pub IpAddr);

impl<S> FromRequestParts<S> for Source
where
    S: Send + Sync,
    ProxyArgs: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Peer(peer) = *parts.extensions.get().ok_or_else(Refused::internal)?;
        Ok(Self(ProxyArgs::from_ref(state).source(peer, &parts.headers)))
    }
}

/// The refusal of a guess that comes too early.
pub fn too_many_guesses(MustWait(seconds): MustWait) -> Refused {
    Refused::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_attempts",
        "Too many tries failed",
        "Wait before the next try.",
    )
    .retry_after(seconds)
}

async fn log_in(
    State(database): State<Database>,
    State(clock): State<Clock>,
    State(passwords): State<Passwords>,
    Source(source): Source,
    Json(asked): Json<LoginRequest>,
) -> Result<Private<Session>, Refused> {
    let device_length = asked.device.as_ref().map_or(0, String::len);
    if asked.user_id.len() > MAX_USER_ID
        || asked.password.len() > *PASSWORD_LENGTH.end()
        || device_length > MAX_DEVICE
    {
        return Err(Refused::invalid("The user id, the password or the device is too long."));
    }
    // Ends by itself: a client that gives up must not leave a guess counted that was right.
    let judged = tokio::spawn(judge(database, clock, passwords, source, asked));
    judged.await.map_err(|_| Refused::internal())?.map(private)
}

async fn judge(
    database: Database,
    clock: Clock,
    passwords: Passwords,
    source: IpAddr,
    LoginRequest { user_id, password, device }: LoginRequest,
) -> Result<Session, Refused> {
    let known = match device {
        Some(device) if rows::is_device_of(&database, &device, &user_id).await? => Some(device),
        _ => None,
    };
    let digests = Digests::of(&user_id, network_of(source), known.as_deref());
    let subjects = digests.subjects();
    let turn = passwords.turn().await.ok_or_else(Refused::internal)?;
    let now = clock.now();
    rows::count_guess(&database, &subjects, now).await?.map_err(too_many_guesses)?;
    let (id, hash) = rows::by_user_id(&database, &user_id).await?.unzip();
    let matches = turn.matches(SecretKind::Password, password.clone(), hash.clone()).await;
    let member_id = id.filter(|_| matches).ok_or_else(|| {
        Refused::new(
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "Not signed in",
            "The user id or the password is wrong.",
        )
    })?;
    rows::forget_guesses(&database, &subjects).await?;
    if let Some(outdated) = hash.filter(|hash| is_outdated(hash)) {
        // Made anew while the password is at hand.
        let hash = turn.hash(SecretKind::Password, password).await.ok_or_else(Refused::internal)?;
        rows::replace_hash(&database, &member_id, &outdated, &hash).await?;
    }
    let device = known.map_or_else(random_token, Ok)?;
    Ok(rows::open_session(&database, &member_id, random_token()?, device, now).await?)
}

/// Under which digests the guess of a log-in is counted.
struct Digests {
    secret: String,
    /// `None` for a device that has logged in before: what others guess from its network is not its
    /// fault, and it has a counter of its own.
    source: Option<String>,
}

impl Digests {
    fn of(user_id: &str, network: IpAddr, known_device: Option<&str>) -> Self {
        let digest = |text: String| hex(&Sha256::digest(text));
        match known_device {
            Some(device) => Self {
                secret: digest(format!("log-in by device {device} {user_id}")),
                source: None,
            },
            None => Self {
                secret: digest(format!("log-in {network} {user_id}")),
                source: Some(digest(format!("source {network}"))),
            },
        }
    }

    fn subjects(&self) -> Vec<Subject<'_>> {
        let source = self.source.as_deref().map(Subject::Source);
        [Some(Subject::Secret(&self.secret)), source].into_iter().flatten().collect()
    }
}

/// 32 random bytes in hexadecimal.
fn random_token() -> Result<String, Refused> {
    random_bytes::<32>().map(|bytes| hex(&bytes)).map_err(|_| {
        tracing::error!("the system gives no random numbers");
        Refused::internal()
    })
}

async fn log_out(State(database): State<Database>, member: Member) -> Result<StatusCode, Refused> {
    rows::close_session(&database, &member.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
