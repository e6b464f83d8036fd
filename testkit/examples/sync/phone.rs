//! The phone's process: a core that fetches the city once.

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use clap::Args;
use testkit::SetClock;
use tillsight::Area;

use crate::city;

/// Which phone, and when.
#[derive(Args)]
pub struct Phone {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    server: String,
    #[arg(long)]
    root_key: String,
    #[arg(long)]
    now_ms: i64,
}

impl Phone {
    /// Fetches the city, or what is missing of it.
    ///
    /// # Errors
    /// When it could not.
    pub fn sync(self) -> Result<()> {
        let Self { folder, server, root_key, now_ms } = self;
        let clock = Arc::new(SetClock::standing_at(now_ms));
        let wallet = testkit::open(&folder, &server, &root_key, Some(clock), None)?;
        let (latitude, longitude) = city::MIDDLE;
        wallet.fetch_area(Area { latitude, longitude, radius_m: city::RADIUS_M }, None)?;
        Ok(())
    }
}
