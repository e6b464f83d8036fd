//! Looks for devices that are to be told of something new, and tells them.

use std::{io, path::Path, sync::Arc, time::Duration};

use domain::Timestamp;
use server_kit::{Clock, Database, DatabaseError};
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use super::{
    gateway::{Delivery, PushGateway},
    rows::{self, Due, Whom},
};
use crate::sealing::SealingKey;

/// How often it is looked, at most: who waits for a push looks at no screen.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Devices told in one look, and at once: a gateway may take seconds for each.
const AT_ONCE: usize = 64;
/// When a push that was not taken is tried again, ms; after that the next event tells of this one, too.
const WAITS_MS: [i64; 5] = [1_000, 4_000, 16_000, 64_000, 256_000];

/// The way out for pushes, and the key that seals their tokens. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pushes(Option<Arc<SealingKey>>);

impl Pushes {
    /// Begins to tell devices by `gateway`, until the database is closed; without one nobody is told.
    ///
    /// # Errors
    /// When the key of the data folder cannot be read or made.
    pub fn start(
        data: &Path,
        database: Database,
        clock: Clock,
        gateway: Option<Arc<dyn PushGateway>>,
    ) -> anyhow::Result<Self> {
        let Some(gateway) = gateway else { return Ok(Self(None)) };
        let key = Arc::new(SealingKey::open(data, "push-tokens.key")?);
        let sending = Sending { database, clock, gateway, key: Arc::clone(&key), seen: 0 };
        tokio::spawn(sending.go_on());
        Ok(Self(Some(key)))
    }

    /// Seals tokens; `None` where nobody is told.
    pub fn key(&self) -> Option<&SealingKey> {
        self.0.as_deref()
    }
}

struct Sending {
    database: Database,
    clock: Clock,
    gateway: Arc<dyn PushGateway>,
    key: Arc<SealingKey>,
    /// Up to this event every device was told, or is to be tried again.
    seen: i64,
}

impl Sending {
    async fn go_on(mut self) {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.look().await {
                Ok(()) => {}
                Err(DatabaseError::PoolClosed) => return,
                Err(error) => tracing::warn!(%error, "devices were not told of what is new"),
            }
        }
    }

    async fn look(&mut self) -> Result<(), DatabaseError> {
        let newest = rows::newest(&self.database).await?;
        if newest > self.seen {
            while self.tell(Whom::After(self.seen)).await? {}
            self.seen = newest;
        }
        self.tell(Whom::Again).await.map(drop)
    }

    /// Whether there may be more.
    async fn tell(&self, whom: Whom) -> Result<bool, DatabaseError> {
        let now = self.clock.now();
        let due = rows::due(&self.database, whom, AT_ONCE, now).await?;
        let is_full = due.len() >= AT_ONCE;
        let mut said = JoinSet::new();
        for due in due {
            let Ok(push) = due.push(&self.key) else {
                tracing::error!("a push token cannot be opened: was push-tokens.key replaced?");
                rows::gone(&self.database, &due).await?;
                continue;
            };
            let gateway = Arc::clone(&self.gateway);
            said.spawn(async move {
                let said = spawn_blocking(move || gateway.push(&push)).await;
                (due, said.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
            });
        }
        while let Some(Ok((due, said))) = said.join_next().await {
            self.note(&due, said, now).await?;
        }
        Ok(is_full)
    }

    async fn note(
        &self,
        due: &Due,
        said: io::Result<Delivery>,
        now: Timestamp,
    ) -> Result<(), DatabaseError> {
        match said {
            Ok(Delivery::Taken) => rows::told(&self.database, due).await,
            Ok(Delivery::Gone) => rows::gone(&self.database, due).await,
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "a push was not taken");
                match WAITS_MS.get(usize::try_from(due.tries).unwrap_or(usize::MAX)) {
                    Some(wait) => {
                        let at = Timestamp(now.0.saturating_add(*wait));
                        rows::try_again(&self.database, due, at).await
                    }
                    None => rows::told(&self.database, due).await,
                }
            }
        }
    }
}
