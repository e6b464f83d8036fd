//! The id under which a call that moves money is made, so that sent again it is done once.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, StatusCode, request::Parts},
};
use uuid::Uuid;

use super::problem::Refused;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The UUID in the request's header `Idempotency-Key`, bare or as the string (RFC 9651) of the IETF
/// draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Uuid);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        key(&parts.headers)
    }
}

fn key(headers: &HeaderMap) -> Result<IdempotencyKey, Refused> {
    let refused = |code, title| {
        let detail = "Send Idempotency-Key: UUID, made and stored before the first try.";
        Refused::new(StatusCode::BAD_REQUEST, code, title, detail)
    };
    let mut keys = headers.get_all(KEY).iter();
    let first = keys.next();
    let first = first.ok_or_else(|| refused("idempotency_key_missing", "The id is missing"))?;
    let id = first.to_str().ok().and_then(transfer_id).filter(|_| keys.next().is_none());
    id.map(IdempotencyKey).ok_or_else(|| refused("idempotency_key_malformed", "The id is no UUID"))
}

/// Says in the answer whether the call had been made before.
pub fn replayed(again: bool) -> [(HeaderName, &'static str); 1] {
    [(REPLAYED, if again { "true" } else { "false" })]
}

/// The refusal of an id that was used for something else.
pub fn id_reused() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "The id was used for something else",
        "Make a new id for each new wish.",
    )
}

/// The id in the text of a header.
pub(super) fn transfer_id(header: &str) -> Option<Uuid> {
    let text = header.trim();
    let text = match text.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?,
        None => text,
    };
    // A UUID has other spellings; an id has one.
    let id = Uuid::try_parse(text).ok().filter(|_| text.len() == 36)?;
    (!id.is_nil() && !id.is_max()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::transfer_id;

    #[test]
    fn an_idempotency_key_is_a_uuid_quoted_or_bare_and_nothing_else() {
        let id = "0191d2a4-7c1e-7000-8000-000000000001";
        for text in [id.to_owned(), format!("\"{id}\""), format!(" {id} ")] {
            assert_eq!(transfer_id(&text), id.parse().ok(), "{text:?}");
        }
        let simple = id.replace('-', "");
        for text in [
            "",
            "\"",
            "\"\"",
            "x",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            &simple,
            &format!("\"{id}"),
            &format!("{id}\""),
            &format!("{{{id}}}"),
            &format!("{id}, {id}"),
        ] {
            assert_eq!(transfer_id(text), None, "{text:?}");
        }
    }
}
