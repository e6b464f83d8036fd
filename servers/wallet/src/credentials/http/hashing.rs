//! A new secret becomes a hash, once it is fit and not soon guessed.

use domain::wire::SecretOf;
use server_kit::Refused;
use tokio::task::spawn_blocking;

use crate::{
    credentials::rows::Credentials,
    members::{SecretKind, Turn, fields, refusals, weighing},
};

/// What Argon2id is keyed with for it.
pub fn kind_of(what: SecretOf) -> SecretKind {
    match what {
        SecretOf::Password => SecretKind::Password,
        SecretOf::SettlementCode => SecretKind::SettlementCode,
    }
}

/// The hash of a member's new secret.
pub async fn hashed(
    turn: &Turn,
    what: SecretOf,
    new: String,
    credentials: Credentials,
) -> Result<String, Refused> {
    let fit = match what {
        SecretOf::Password => fields::password(&new),
        SecretOf::SettlementCode => fields::settlement_code(&new),
    };
    fit.map_err(refusals::unfit)?;
    let weighed = spawn_blocking(move || {
        let Credentials { user_id, profile, .. } = credentials;
        let phone = profile.as_ref().map_or("", |profile| &profile.phone);
        let known = profile.iter().flat_map(|profile| [&*profile.name, &profile.email, phone]);
        let known: Vec<&str> = known.chain([&*user_id]).collect();
        match what {
            SecretOf::Password => weighing::weigh_password(&new, &known)?,
            SecretOf::SettlementCode => weighing::weigh_code(&new, phone, "")?,
        }
        Ok(new)
    });
    let weighed = weighed.await.map_err(|_| Refused::internal())?;
    let new = weighed.map_err(refusals::weak)?;
    turn.hash(kind_of(what), new).await.ok_or_else(refusals::no_random)
}
