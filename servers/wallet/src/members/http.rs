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
    passwords::Passwords,
    rows,
    rules::{MAX_USER_ID, MustWait, PASSWORD_LENGTH, Subject, network_of},
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
struct Source(IpAddr);

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
    Json(LoginRequest { user_id, password }): Json<LoginRequest>,
) -> Result<Private<Session>, Refused> {
    if user_id.len() > MAX_USER_ID || password.len() > *PASSWORD_LENGTH.end() {
        return Err(Refused::invalid("The user id or the password is too long."));
    }
    // Ends by itself: a client that gives up must not leave a guess counted that was right.
    let judged = tokio::spawn(judge(database, clock, passwords, source, user_id, password));
    judged.await.map_err(|_| Refused::internal())?.map(private)
}

async fn judge(
    database: Database,
    clock: Clock,
    passwords: Passwords,
    source: IpAddr,
    user_id: String,
    password: String,
) -> Result<Session, Refused> {
    let network = network_of(source);
    let secret = hex(&Sha256::digest(format!("log-in {network} {user_id}")));
    let source = hex(&Sha256::digest(format!("source {network}")));
    let subjects = [Subject::Secret(&secret), Subject::Source(&source)];
    let turn = passwords.turn().await.ok_or_else(Refused::internal)?;
    let now = clock.now();
    rows::count_guess(&database, &subjects, now).await?.map_err(too_many_guesses)?;
    let (id, hash) = rows::by_user_id(&database, &user_id).await?.unzip();
    let matches = turn.matches(password, hash).await;
    let member_id = id.filter(|_| matches).ok_or_else(|| {
        Refused::new(
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "Not signed in",
            "The user id or the password is wrong.",
        )
    })?;
    rows::forget_guesses(&database, &subjects).await?;
    let token = random_bytes::<32>().map_err(|_| {
        tracing::error!("the system gives no random numbers");
        Refused::internal()
    })?;
    Ok(rows::open_session(&database, &member_id, hex(&token), now).await?)
}

async fn log_out(State(database): State<Database>, member: Member) -> Result<StatusCode, Refused> {
    rows::close_session(&database, &member.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
