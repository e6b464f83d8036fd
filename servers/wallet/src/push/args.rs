//! By what pushes go out: a flag, and the same for who starts the server in a process of their own.

use std::{path::PathBuf, sync::Arc};

use super::gateway::{FileGateway, PushGateway};

/// The flag of pushes.
#[derive(Clone, Debug, clap::Args)]
pub struct PushArgs {
    /// For development: writes what would be pushed to this file (`-`: standard output) instead of
    /// sending it. Without a way to push, phones hear what is new when they ask.
    #[arg(long, env = "TILLSIGHT_DEVELOPMENT_PUSHES", value_name = "FILE")]
    development_pushes: Option<PathBuf>,
}

impl PushArgs {
    /// What the flag says.
    pub fn gateway(self) -> Option<Arc<dyn PushGateway>> {
        let file = self.development_pushes?;
        tracing::warn!("pushes are written to a file: for development only");
        Some(Arc::new(FileGateway::new(file)))
    }
}
