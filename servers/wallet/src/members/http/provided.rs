//! Log-in by a token of a company's own log-in, over HTTP.

use axum::extract::State;
use domain::wire::{ProvidedLogin, ProvidedSession};
use server_kit::{Json, Refused};

use super::{
    asking::{Private, Source, private},
    bound::open,
    log_in::{Admitted, wrong_credentials},
    proving::Proven,
    refusals::{self, too_many_guesses},
};
use crate::members::{
    devices, fields,
    login_provider::MAX_TOKEN,
    membership::Membership,
    rows,
    rules::{MAX_DEVICE, MAX_USER_ID, Subject, network_of},
    security_log::{SecurityEvent, note},
};

/// `POST /v1/sessions/provided`, for the key of the proof.
pub async fn log_in(
    State(membership): State<Membership>,
    Source(source): Source,
    Proven { thumbprint }: Proven,
    Json(asked): Json<ProvidedLogin>,
) -> Result<Private<ProvidedSession>, Refused> {
    let ProvidedLogin { token, device, description } = asked;
    let Membership { database, clock, pepper, login_provider, .. } = &membership;
    let provider = login_provider.as_ref().ok_or_else(|| {
        Refused::not_found("This server knows no other log-in than by user id and password.")
    })?;
    if token.len() > MAX_TOKEN || device.as_ref().is_some_and(|device| device.len() > MAX_DEVICE) {
        return Err(Refused::invalid("The token or the device is too long."));
    }
    fields::device(&description).map_err(refusals::unfit)?;
    let now = clock.now();
    let network = pepper.of_subject(&format!("provided from {}", network_of(source)));
    let subjects = [Subject::Source(&network)];
    rows::count_guess(database, &subjects, now).await?.map_err(too_many_guesses)?;
    let user_id = provider.user_id(&token, now).filter(|user_id| user_id.len() <= MAX_USER_ID);
    let member = match user_id {
        Some(user_id) => rows::by_user_id(database, &user_id).await?.zip(Some(user_id)),
        None => None,
    };
    let Some(((member_id, _), user_id)) = member else {
        note(database, None, SecurityEvent::LogInRefused, source, now).await?;
        return Err(wrong_credentials());
    };
    rows::forget_guesses(database, &subjects).await?;
    let device = devices::known(database, device, &user_id).await?;
    let admitted = Admitted { member_id, device, description, source };
    let session = open(&membership, admitted, thumbprint).await?;
    Ok(private(ProvidedSession { user_id, session }))
}
