//! The answer about a tile, which is believed once a key is known that vouches for it.

use domain::wire::{BodyDigest, Tile};

use super::{
    reply::{body_of, from_json},
    vouched::{VouchedProblem, vouched},
};
use crate::{
    cache::{RegisterKey, Vouched},
    error::ServerProblem,
    phone::HttpReply,
};

/// What came, not yet believed.
pub(crate) struct TileReply {
    pub(super) path: String,
    /// Of the body that the phone holds and asked about.
    pub(super) held: Option<BodyDigest>,
    pub(super) reply: HttpReply,
}

/// A tile, or that the one the phone has still holds; either is vouched for.
pub(crate) enum TileAnswer {
    Fresh { tile: Tile, etag: Option<String>, vouched: Vouched },
    Unchanged { vouched: Vouched },
}

impl TileReply {
    /// What it says, under one of `keys`.
    ///
    /// # Errors
    /// [`VouchedProblem`]; under other keys it may be believed.
    pub fn vouched(&self, keys: &[RegisterKey]) -> Result<TileAnswer, VouchedProblem> {
        let Self { path, held, reply } = self;
        if reply.status == 304 {
            let body = held.ok_or(ServerProblem::Garbled)?;
            return Ok(TileAnswer::Unchanged { vouched: vouched(reply, path, body, keys)? });
        }
        let body = body_of(reply)?;
        let vouched = vouched(reply, path, BodyDigest::of(body), keys)?;
        let etag = reply.header("etag").map(str::to_owned);
        Ok(TileAnswer::Fresh { tile: from_json(body)?, etag, vouched })
    }
}
