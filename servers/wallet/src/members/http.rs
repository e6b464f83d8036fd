//! Log-in and log-out, and the member a request comes from.

use axum::{
    Router,
    extract::{FromRef, FromRequestParts, State},
    http::{HeaderName, StatusCode, header, request::Parts},
    routing::post,
};
use domain::wire::{LoginRequest, Session};
use server_kit::{Clock, Database, Json, Refused, bearer, hex, random_bytes};
use sha2::{Digest, Sha256};

use super::{
    passwords::Passwords,
    rows,
    rules::{MAX_USER_ID, MustWait, PASSWORD_LENGTH},
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
    Json(LoginRequest { user_id, password }): Json<LoginRequest>,
) -> Result<Private<Session>, Refused> {
    if user_id.len() > MAX_USER_ID || password.len() > *PASSWORD_LENGTH.end() {
        return Err(Refused::invalid("The user id or the password is too long."));
    }
    let now = clock.now();
    let subject = hex(&Sha256::digest(&user_id));
    rows::count_guess(&database, &subject, now).await?.map_err(too_many_guesses)?;
    let (id, hash) = rows::by_user_id(&database, &user_id).await?.unzip();
    let matches = passwords.matches(password, hash).await;
    let member_id = id.filter(|_| matches).ok_or_else(|| {
        Refused::new(
            StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "Not signed in",
            "The user id or the password is wrong.",
        )
    })?;
    rows::forget_guesses(&database, &subject).await?;
    let token = random_bytes::<32>().map_err(|_| {
        tracing::error!("the system gives no random numbers");
        Refused::internal()
    })?;
    Ok(private(rows::open_session(&database, &member_id, hex(&token), now).await?))
}

async fn log_out(State(database): State<Database>, member: Member) -> Result<StatusCode, Refused> {
    rows::close_session(&database, &member.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
