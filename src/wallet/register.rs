//! Fetches what the register vouches for, its keys and its tiles. Nothing else enters the cache.

use data_encoding::HEXLOWER_PERMISSIVE;
use domain::{
    Claim, Store, Timestamp,
    wire::{EntryRequest, Key, KeyUse, TileId},
};

use super::{
    answers::Answers, member::Member, storage::lost_cache, stores::NearbyStores, together::together,
};
use crate::{
    cache::{CacheError, ListedKey, Written},
    error::{ServerProblem, SignalProblem, SignatureProblem, WalletError},
    phone::{LogEvent, Token},
    server::{CallProblem, TileAnswer, TileReply, VouchedProblem},
};

/// Tiles change when a register is imported, a few times a day at most.
pub(super) const TILE_FRESH_MS: i64 = 24 * 3_600_000;

/// Most tiles fetched for one judgement: its stores lie within a kilometre.
const MOST_JUDGED: usize = 9;

/// What came of fetching tiles.
#[derive(Default)]
pub(super) struct Fetched {
    /// Whether any is new.
    pub news: bool,
    /// Why not all are here.
    pub problem: Option<WalletError>,
    /// The server gave no usable answer for some: it is no use to ask for more.
    pub away: bool,
    /// The tiles that the server was asked for.
    pub asked: Vec<TileId>,
}

/// What is asked for in one round trip.
enum Asked {
    Keys,
    Network,
    Tile(TileId),
}

/// What came of it.
enum Answered {
    /// Of the keys or the network.
    News(bool),
    Tile(TileId, Result<TileReply, TileProblem>),
}

/// Why a tile was not taken.
enum TileProblem {
    Vouched(VouchedProblem),
    Error(WalletError),
}

impl From<VouchedProblem> for TileProblem {
    fn from(problem: VouchedProblem) -> Self {
        Self::Vouched(problem)
    }
}

impl From<CacheError> for TileProblem {
    fn from(_: CacheError) -> Self {
        Self::Error(WalletError::storage("cache/tile"))
    }
}

impl Answers {
    /// Fetches those of `tiles` that are missing or were last heard of longer than `fresh_for_ms`
    /// ago, all in one round trip, and the keys with them where they are due. One that is not believed
    /// is logged and keeps no other from coming.
    pub fn tiles(
        &self,
        stores: &NearbyStores,
        tiles: impl IntoIterator<Item = TileId>,
        fresh_for_ms: i64,
        now: Timestamp,
    ) -> Fetched {
        let mut fetched = Fetched::default();
        if let Some(lost) = stores.cache.mend() {
            self.note(lost_cache(lost));
        }
        // One from the future says that a clock was wrong, not that the tile is new.
        let is_fresh = |at: Timestamp| (0..fresh_for_ms).contains(&now.millis_since(at));
        let (fresh, due): (Vec<_>, Vec<_>) = tiles.into_iter().partition(|tile| {
            let held = stores.cache.held_tile(*tile);
            held.is_some_and(|held| is_fresh(held.fetched_at))
        });
        // Where that cannot be noted they are forgotten earlier, and fetched again.
        let _ = stores.cache.visit_tiles(&fresh, now);
        let mut asked: Vec<_> = due.iter().copied().map(Asked::Tile).collect();
        if self.server().is_ok() {
            fetched.asked = due;
        }
        let mut may_ask_keys = !asked.is_empty();
        if may_ask_keys && stores.keys_are_due(now) {
            asked.insert(0, Asked::Keys);
            may_ask_keys = false;
        }
        if stores.network.is_due(now, !asked.is_empty()) {
            asked.insert(0, Asked::Network);
        }
        let answered = together(&asked, |asked| match asked {
            Asked::Keys => Answered::News(self.keys(stores, now)),
            Asked::Network => Answered::News(self.network(stores, now)),
            Asked::Tile(tile) => Answered::Tile(*tile, self.ask_tile(stores, *tile)),
        });
        // What is believed under the new keys is looked at once they are here.
        for answered in answered {
            let (tile, reply) = match answered {
                Answered::News(news) => {
                    fetched.news |= news;
                    continue;
                }
                Answered::Tile(tile, reply) => (tile, reply),
            };
            let got = reply.and_then(|reply| {
                let got = self.keep_tile(stores, tile, &reply, now);
                if may_ask_keys && matches!(got, Err(TileProblem::Vouched(UNKNOWN_KEY))) {
                    // The register may sign with a new one since the keys were heard last.
                    fetched.news |= self.keys(stores, now);
                    may_ask_keys = false;
                    return self.keep_tile(stores, tile, &reply, now);
                }
                got
            });
            match got {
                Ok(news) => fetched.news |= news,
                Err(TileProblem::Vouched(VouchedProblem::Signature(problem))) => {
                    self.note(LogEvent::TileRefused { problem });
                    fetched.problem.get_or_insert(ServerProblem::NotVouched.error());
                }
                Err(TileProblem::Vouched(VouchedProblem::Away(problem))) => {
                    fetched.problem = Some(problem.error());
                    fetched.away = true;
                }
                Err(TileProblem::Error(error)) => fetched.problem = Some(error),
            }
        }
        fetched.news |= stores.cache.take_changed();
        fetched
    }

    fn ask_tile(&self, stores: &NearbyStores, tile: TileId) -> Result<TileReply, TileProblem> {
        let server = self.server().map_err(TileProblem::Error)?;
        let held = stores.cache.held_tile(tile);
        let held = held.and_then(|held| Some((held.etag?, held.body)));
        Ok(server.tile(tile, held).map_err(VouchedProblem::Away)?)
    }

    /// Keeps what an answer says of a tile; whether it is new.
    fn keep_tile(
        &self,
        stores: &NearbyStores,
        tile: TileId,
        reply: &TileReply,
        now: Timestamp,
    ) -> Result<bool, TileProblem> {
        let answer = reply.vouched(&stores.cache.register_keys(KeyUse::Tiles))?;
        let news = matches!(answer, TileAnswer::Fresh { .. });
        let kept = match answer {
            TileAnswer::Unchanged { .. } if stores.cache.held_tile(tile).is_none() => {
                // Its key was revoked while it was asked about: nothing of it is left to be confirmed.
                let anew = self.ask_tile(stores, tile)?;
                return self.keep_tile(stores, tile, &anew, now);
            }
            TileAnswer::Unchanged { vouched } => stores.cache.confirm_tile(tile, &vouched, now)?,
            TileAnswer::Fresh { tile: fresh, etag, vouched } => {
                let believed = believed(tile, fresh.stores, now);
                stores.cache.put_tile(tile, etag.as_deref(), &vouched, &believed, now)?
            }
        };
        match kept {
            Written::Kept | Written::StoresForgotten => Ok(news),
            Written::RolledBack => {
                Err(VouchedProblem::Signature(SignatureProblem::RolledBack).into())
            }
        }
    }

    /// Fetches the register's keys. Without them no tile is taken, and a code is merely unsigned.
    /// Whether stores were forgotten because a key that vouched for them is revoked.
    pub fn keys(&self, stores: &NearbyStores, now: Timestamp) -> bool {
        let Ok(server) = self.server() else { return false };
        let (keys, vouched) = match server.keys(stores.root()) {
            Ok(answer) => answer,
            Err(VouchedProblem::Away(_)) => return false,
            Err(VouchedProblem::Signature(problem)) => {
                self.note(LogEvent::KeysRefused { problem });
                return false;
            }
        };
        let keys: Vec<_> = keys.keys.iter().filter_map(listed).collect();
        // One that is past its time was perhaps kept back: it may lack the newest keys.
        let heard_at = (vouched.valid_until > self.server_now(now)).then_some(now);
        let kept = stores.put_keys(&keys, vouched.revision, heard_at);
        match kept {
            Ok(Written::Kept | Written::StoresForgotten) => {}
            Ok(Written::RolledBack) => {
                self.note(LogEvent::KeysRefused { problem: SignatureProblem::RolledBack });
            }
            Err(_) => self.note(LogEvent::KeysNotKept),
        }
        matches!(kept, Ok(Written::StoresForgotten))
    }

    /// Fetches the description of the network; whether it is new. Without one no beacon is listened for
    /// and no link is read.
    fn network(&self, stores: &NearbyStores, now: Timestamp) -> bool {
        let Ok(server) = self.server() else { return false };
        let (network, vouched) = match server.network(stores.root()) {
            Ok(answer) => answer,
            Err(VouchedProblem::Away(_)) => return false,
            Err(VouchedProblem::Signature(problem)) => {
                self.note(LogEvent::NetworkRefused { problem });
                return false;
            }
        };
        match stores.cache.put_network(&network, vouched.revision) {
            Ok(Written::RolledBack) => {
                self.note(LogEvent::NetworkRefused { problem: SignatureProblem::RolledBack });
                return false;
            }
            Ok(_) => {}
            Err(_) => self.note(LogEvent::NetworkNotKept),
        }
        stores.network.heard(network, now)
    }

    /// Asks the server which store this is. It says only where to look: what is known of a store comes
    /// from its tile.
    ///
    /// # Errors
    /// [`WalletError::Signal`] when it knows none, [`WalletError::NotLoggedIn`],
    /// [`WalletError::ServerAway`].
    pub fn judged(
        &self,
        member: &Member,
        token: &Token,
        question: &EntryRequest,
    ) -> Result<Vec<TileId>, WalletError> {
        let answer = self.server()?.entry(token, question).map_err(|problem| match problem {
            CallProblem::Refused => SignalProblem::StoreUnknown.error(),
            problem => self.failed(problem, member, token),
        })?;
        let places = answer.candidates.iter().map(|candidate| candidate.store.position);
        let mut tiles: Vec<_> = places.map(TileId::of).collect();
        tiles.sort_unstable();
        tiles.dedup();
        tiles.truncate(MOST_JUDGED);
        Ok(tiles)
    }
}

const UNKNOWN_KEY: VouchedProblem = VouchedProblem::Signature(SignatureProblem::UnknownKey);

fn listed(key: &Key) -> Option<ListedKey> {
    let bytes = HEXLOWER_PERMISSIVE.decode(key.ed25519.as_bytes()).ok()?;
    Some(ListedKey { ed25519: bytes.try_into().ok()?, signs: key.signs, revoked: key.revoked })
}

/// What is believed of a tile's answer: stores that lie in it, with claims that are no newer than now.
fn believed(tile: TileId, mut stores: Vec<Store>, now: Timestamp) -> Vec<Store> {
    stores.retain(|store| TileId::of(store.position) == tile);
    for store in &mut stores {
        if store.accepted.claims().iter().any(|claim| claim.as_of > now) {
            let claims = store.accepted.claims().iter().cloned();
            store.accepted =
                claims.map(|claim| Claim { as_of: claim.as_of.min(now), ..claim }).collect();
        }
    }
    stores
}
