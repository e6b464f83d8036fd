//! `import FILE…`: what an import of store data comes to, in a register that is thrown away.

use domain::Timestamp;
use tillsight::phone::{Clock as _, SystemClock};
use wallet_server::{open_database, register::ImportArgs};

use crate::lines;

/// Imports the files and says what came of each.
///
/// # Errors
/// When a file is none that can be imported, or parts of one could not be read.
pub async fn run(args: ImportArgs) -> anyhow::Result<()> {
    let folder = testkit::folder()?;
    let register = open_database(folder.path()).await?;
    let now = Timestamp(SystemClock.now_ms());
    let imported = args.run(&register, now, |text| lines::say(text.trim_end())).await;
    register.close().await;
    imported
}
