//! What a linked account or card becomes for its member.

use domain::{Method, MethodId, wire::Linked};
use server_kit::hex;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::method::{Backing, StoredMethod};

/// Longest link code taken, bytes.
pub const MAX_CODE: usize = 64;

/// Under which name wrong link codes of a member are counted.
pub fn guesses_of(member_id: &str) -> String {
    hex(&Sha256::digest(format!("link codes of {member_id}")))
}

/// The member's name at the operator: opaque, and the same for all accounts of one member.
pub fn holder(member_id: &str) -> String {
    hex(&Sha256::digest(format!("holder {member_id}")))
}

/// The method that `linked` at an operator is for a member. The same account or card gives the same
/// method.
pub fn method_of(member_id: &str, operator: &str, linked: Linked) -> StoredMethod {
    let Linked { to, kind, name, number_end, rides, grant } = linked;
    let backing = Backing::linked(operator.to_owned(), to, grant);
    let (held_by, operator, held_id) = backing.holder();
    let named = format!("{member_id} {held_by} {operator} {held_id}");
    let method = Method {
        id: MethodId(Uuid::new_v5(&Uuid::NAMESPACE_OID, named.as_bytes()).to_string()),
        kind,
        name: format!("{name} ..{number_end}"),
        rides,
        expires_at: None,
        blocked: false,
        minimum: None,
    };
    StoredMethod { method, backing, times_used: 0, deposit_source: false }
}
