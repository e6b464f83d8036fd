//! Answers of the register, which are believed once a key is known that vouches for them.

use domain::wire::{BodyDigest, Tile, TileList};
use serde::de::DeserializeOwned;

use super::{
    reply::{body_of, from_json},
    vouched::{VouchedProblem, vouched},
};
use crate::{
    cache::{RegisterKey, Vouched},
    error::ServerProblem,
    phone::HttpReply,
};

/// What came of a tile, not yet believed.
pub(crate) struct TileReply {
    pub(super) path: String,
    /// The revision since which it was asked what has changed.
    pub(super) since: Option<i64>,
    pub(super) reply: HttpReply,
}

/// What came of the list of tiles, not yet believed.
pub(crate) struct TileListReply {
    /// Of the body that the phone holds and asked about.
    pub(super) held: Option<BodyDigest>,
    pub(super) path: &'static str,
    pub(super) reply: HttpReply,
}

/// A list of tiles, with its tag and as it came; or `None`, for the one the phone has still holds. Either is
/// vouched for.
pub(crate) type TileListAnswer<'a> = (Option<(TileList, Option<&'a str>, &'a [u8])>, Vouched);

impl TileReply {
    /// What it says, under one of `keys`.
    ///
    /// # Errors
    /// [`VouchedProblem`]; under other keys it may be believed.
    pub fn vouched(&self, keys: &[RegisterKey]) -> Result<(Tile, Vouched), VouchedProblem> {
        let (tile, vouched): (Tile, _) = believed(&self.reply, &self.path, keys)?;
        // What has changed since another revision than the phone's says nothing to it.
        if tile.since.is_some() && tile.since != self.since {
            return Err(ServerProblem::Garbled.into());
        }
        Ok((tile, vouched))
    }
}

impl TileListReply {
    /// As [`TileReply::vouched`].
    ///
    /// # Errors
    /// [`VouchedProblem`].
    pub fn vouched(&self, keys: &[RegisterKey]) -> Result<TileListAnswer<'_>, VouchedProblem> {
        let Self { held, path, reply } = self;
        if reply.status == 304 {
            let body = held.ok_or(ServerProblem::Garbled)?;
            return Ok((None, vouched(reply, path, body, keys)?));
        }
        let (list, vouched) = believed(reply, path, keys)?;
        Ok((Some((list, reply.header("etag"), &reply.body)), vouched))
    }
}

fn believed<T: DeserializeOwned>(
    reply: &HttpReply,
    path: &str,
    keys: &[RegisterKey],
) -> Result<(T, Vouched), VouchedProblem> {
    let body = body_of(reply)?;
    let vouched = vouched(reply, path, BodyDigest::of(body), keys)?;
    Ok((from_json(body)?, vouched))
}
