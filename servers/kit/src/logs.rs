//! The log of a server process: its flags, and what is kept out of it.

use tracing_subscriber::{
    Layer, filter::Targets, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

/// How log lines are written to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// The flags of the log.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct LogArgs {
    /// Least level of the lines written: error, warn, info, debug or trace.
    #[arg(long, env = "TILLSIGHT_LOG_LEVEL", default_value = "info")]
    log_level: tracing::Level,
    /// Form of the lines.
    #[arg(long, env = "TILLSIGHT_LOG_FORMAT", value_enum, default_value = "text")]
    log_format: LogFormat,
}

impl LogArgs {
    /// Starts the log of this process and keeps the text of panics out of it.
    ///
    /// The level holds for `own` (the server's crate) and this one; libraries stay at `warn`,
    /// because their finer lines quote addresses, headers and statements.
    ///
    /// # Errors
    /// When a log was started before.
    pub fn start(self, own: &'static str) -> anyhow::Result<()> {
        let targets = Targets::new()
            .with_default(tracing::Level::WARN)
            .with_target(own, self.log_level)
            .with_target(env!("CARGO_CRATE_NAME"), self.log_level);
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        let lines = match self.log_format {
            LogFormat::Text => lines.with_ansi(false).boxed(),
            LogFormat::Json => lines.json().boxed(),
        };
        registry().with(lines.with_filter(targets)).try_init()?;
        // A panic's text can quote what was being worked on; its place is enough to find it.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map_or_else(String::new, ToString::to_string);
            tracing::error!(place, "a panic was caught");
        }));
        Ok(())
    }
}
