//! Fetches what the register vouches for, its keys and its tiles. Nothing else enters the cache.

use std::sync::Arc;

use base16ct::mixed;
use domain::{
    Claim, Timestamp,
    wire::{Cell, EntryRequest, Key, KeyUse, Tile, TileId, TileList},
};

use super::{
    answers::Answers, member::Member, storage::lost_cache, stores::NearbyStores,
    tile_list::KnownTiles, together::together,
};
use crate::{
    cache::{CacheError, ListedKey, Written},
    error::{AreaProblem, ServerProblem, SignalProblem, SignatureProblem, WalletError},
    phone::{LogEvent, Token},
    server::{CallProblem, TileListReply, TileReply, VouchedProblem},
};

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
    TileList,
    Tile(TileId),
}

/// What came of it.
enum Answered {
    /// Of the keys or the network.
    News(bool),
    TileList(Result<TileListReply, TileProblem>),
    Tile(TileId, Result<TileReply, TileProblem>),
}

/// How tiles are kept.
#[derive(Clone, Copy)]
pub(super) struct Keeping {
    /// What was visited since stays, whatever comes; `None` for all may go.
    pub spared_from: Option<Timestamp>,
    pub now: Timestamp,
}

/// Why a tile was not taken.
#[derive(Clone)]
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
    /// Fetches those tiles of the list that `which` says and that are missing or were last heard of longer
    /// than `fresh_for_ms` ago, all in one round trip, and the keys and the list with them where they are
    /// due. Without a list that comes before. An answer that is not believed is logged and keeps no other
    /// from coming.
    pub fn tiles(
        &self,
        stores: &NearbyStores,
        which: impl FnOnce(&TileList) -> Vec<TileId>,
        fresh_for_ms: i64,
        now: Timestamp,
    ) -> Fetched {
        let (list, mut fetched) = self.tile_list(stores, false, now);
        let Some(list) = list else { return fetched };
        // One from the future says that a clock was wrong, not that the tile is new.
        let is_fresh = |at: Timestamp| (0..fresh_for_ms).contains(&now.millis_since(at));
        let (fresh, due): (Vec<_>, Vec<_>) = which(&list).into_iter().partition(|tile| {
            let held = stores.cache.held_tile(*tile);
            held.is_some_and(|held| is_fresh(held.fetched_at))
        });
        // Where that cannot be noted they are forgotten earlier, and fetched again.
        let _ = stores.cache.visit_tiles(&fresh, now);
        self.tiles_due(stores, due, Keeping { spared_from: None, now }, &mut fetched);
        fetched
    }

    /// The list of tiles: what the phone has, unless there is none or it is to be no older (`anew`) than a
    /// tile may be.
    pub fn tile_list(
        &self,
        stores: &NearbyStores,
        anew: bool,
        now: Timestamp,
    ) -> (Option<Arc<TileList>>, Fetched) {
        let mut fetched = Fetched::default();
        if let Some(lost) = stores.cache.mend() {
            self.note(lost_cache(lost));
            stores.tiles.read_anew(&stores.cache);
        }
        if stores.tiles.get().is_none() || (anew && stores.tiles.is_due(now)) {
            let keeping = Keeping { spared_from: None, now };
            self.round_trip(stores, vec![Asked::TileList], keeping, &mut fetched);
        }
        fetched.news |= stores.cache.take_changed();
        (stores.tiles.get(), fetched)
    }

    /// Fetches these tiles, or what of them has changed.
    pub fn tiles_due(
        &self,
        stores: &NearbyStores,
        due: Vec<TileId>,
        keeping: Keeping,
        fetched: &mut Fetched,
    ) {
        let mut asked: Vec<_> = due.iter().copied().map(Asked::Tile).collect();
        if !asked.is_empty() && stores.tiles.is_due(keeping.now) {
            asked.insert(0, Asked::TileList);
        }
        if self.server().is_ok() {
            fetched.asked.extend(due);
        }
        self.round_trip(stores, asked, keeping, fetched);
        fetched.news |= stores.cache.take_changed();
    }

    fn round_trip(
        &self,
        stores: &NearbyStores,
        mut asked: Vec<Asked>,
        keeping: Keeping,
        fetched: &mut Fetched,
    ) {
        let now = keeping.now;
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
            Asked::TileList => Answered::TileList(self.ask_tile_list(stores)),
            Asked::Tile(tile) => {
                let since = stores.cache.held_tile(*tile).and_then(|held| held.since);
                Answered::Tile(*tile, self.ask_tile(*tile, since))
            }
        });
        // What is believed under the new keys is looked at once they are here.
        for answered in answered {
            let keep = || match &answered {
                Answered::News(news) => Ok(*news),
                Answered::TileList(Ok(reply)) => self.keep_tile_list(stores, reply, now),
                Answered::Tile(tile, Ok(reply)) => self.keep_tile(stores, *tile, reply, keeping),
                Answered::TileList(Err(problem)) | Answered::Tile(_, Err(problem)) => {
                    Err(problem.clone())
                }
            };
            let mut got = keep();
            if may_ask_keys && matches!(got, Err(TileProblem::Vouched(UNKNOWN_KEY))) {
                // The register may sign with a new one since the keys were heard last.
                fetched.news |= self.keys(stores, now);
                may_ask_keys = false;
                got = keep();
            }
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
    }

    fn ask_tile(&self, tile: TileId, since: Option<i64>) -> Result<TileReply, TileProblem> {
        let server = self.server().map_err(TileProblem::Error)?;
        Ok(server.tile(tile, since).map_err(VouchedProblem::Away)?)
    }

    fn ask_tile_list(&self, stores: &NearbyStores) -> Result<TileListReply, TileProblem> {
        let server = self.server().map_err(TileProblem::Error)?;
        let held = KnownTiles::held(&stores.cache);
        Ok(server.tile_list(held).map_err(VouchedProblem::Away)?)
    }

    /// Keeps what an answer says of a tile; whether it is new.
    fn keep_tile(
        &self,
        stores: &NearbyStores,
        tile: TileId,
        reply: &TileReply,
        keeping: Keeping,
    ) -> Result<bool, TileProblem> {
        let Keeping { spared_from, now } = keeping;
        let (said, vouched) = reply.vouched(&stores.cache.register_keys(KeyUse::Tiles))?;
        let said = believed(tile, said, now);
        match stores.cache.put_tile(tile, &said, &vouched, spared_from, now)? {
            Written::Kept | Written::StoresForgotten => {
                Ok(said.since.is_none() || !(said.stores.is_empty() && said.gone.is_empty()))
            }
            Written::RolledBack => {
                Err(VouchedProblem::Signature(SignatureProblem::RolledBack).into())
            }
            Written::Lapsed => {
                // Another key signs now, or what the phone had was forgotten while it asked.
                let whole = self.ask_tile(tile, None)?;
                self.keep_tile(stores, tile, &whole, keeping)
            }
            Written::NoRoom => Err(TileProblem::Error(AreaProblem::NoRoom.error())),
        }
    }

    /// Keeps the list of tiles. That alone is nothing to be shown.
    fn keep_tile_list(
        &self,
        stores: &NearbyStores,
        reply: &TileListReply,
        now: Timestamp,
    ) -> Result<bool, TileProblem> {
        let (fresh, vouched) = reply.vouched(&stores.cache.register_keys(KeyUse::Tiles))?;
        let written = match &fresh {
            Some((_, etag, body)) => stores.cache.put_tile_list(*etag, body, &vouched, now),
            None => stores.cache.confirm_tile_list(&vouched, now),
        };
        match written {
            Ok(Written::RolledBack) => {
                return Err(VouchedProblem::Signature(SignatureProblem::RolledBack).into());
            }
            Ok(_) => {}
            // Then it is asked for again once the app is opened anew.
            Err(CacheError) => {}
        }
        stores.tiles.heard(fresh.map(|(list, ..)| list), now);
        Ok(false)
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
            Ok(Written::RolledBack) => {
                self.note(LogEvent::KeysRefused { problem: SignatureProblem::RolledBack });
            }
            Ok(_) => {}
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
    ) -> Result<Vec<Cell>, WalletError> {
        let answer = self.server()?.entry(token, question).map_err(|problem| match problem {
            CallProblem::Refused => SignalProblem::StoreUnknown.error(),
            problem => self.failed(problem, member, token),
        })?;
        let places = answer.candidates.iter().map(|candidate| candidate.store.position);
        Ok(places.map(Cell::of).collect())
    }
}

const UNKNOWN_KEY: VouchedProblem = VouchedProblem::Signature(SignatureProblem::UnknownKey);

fn listed(key: &Key) -> Option<ListedKey> {
    let bytes = mixed::decode_vec(&key.ed25519).ok()?;
    Some(ListedKey { ed25519: bytes.try_into().ok()?, signs: key.signs, revoked: key.revoked })
}

/// What is believed of a tile's answer: stores that lie in it, with claims that are no newer than now.
fn believed(tile: TileId, mut said: Tile, now: Timestamp) -> Tile {
    said.stores.retain(|store| tile.has(Cell::of(store.position)));
    for store in &mut said.stores {
        if store.accepted.claims().iter().any(|claim| claim.as_of > now) {
            let claims = store.accepted.claims().iter().cloned();
            store.accepted =
                claims.map(|claim| Claim { as_of: claim.as_of.min(now), ..claim }).collect();
        }
    }
    said
}
