//! Calls about recordings of what is sensed.

use std::path::Path;

use domain::Timestamp;

use super::{object::Wallet, recording::Recording};
use crate::{
    entry::recording::{RecordedPositions, RecordingProblem},
    error::WalletError,
    screen::SettlementScreen,
};

#[uniffi::export]
impl Wallet {
    /// Records from now on what is sensed and judged, in a new file at `path`: only when the member
    /// said so. Neither date nor member is in it. The judgement starts anew, so that the file holds
    /// all it comes from. It ends by itself at 8 MiB.
    ///
    /// # Errors
    /// [`WalletError::Storage`] when there is such a file already or none can be made.
    pub fn start_recording(
        &self,
        path: String,
        positions: RecordedPositions,
    ) -> Result<(), WalletError> {
        let recording = Recording::start(Path::new(&path), self.parts.now(), positions)
            .map_err(|_| WalletError::storage("recording"))?;
        self.parts.record(recording);
        Ok(())
    }

    /// Ends the recording, if there is one; the file is whole.
    pub fn stop_recording(&self) {
        self.parts.judge.stop_recording();
    }
}

impl Wallet {
    /// Replays a recording over what this phone knows, as if it had begun at `began`: the screen
    /// after each signal. The server is not asked and nobody is told.
    ///
    /// # Errors
    /// [`RecordingProblem`].
    pub fn replay(
        &self,
        recording: &str,
        began: Timestamp,
    ) -> Result<Vec<SettlementScreen>, RecordingProblem> {
        self.parts.replay(recording, began)
    }
}
