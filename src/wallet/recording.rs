//! A recording under way: what is sensed and judged, written to a file of the app's.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use domain::Timestamp;

use crate::{
    cache::Cache,
    entry::{
        Judgement, Signal, StoreKey,
        recording::{RecordedPositions, Recorder},
    },
};

/// A recording under way, written line by line: what is on the disk is whole when the app dies.
pub(super) struct Recording {
    file: File,
    recorder: Recorder,
    text: String,
}

impl Recording {
    /// Starts a recording in a new file at `path`.
    ///
    /// # Errors
    /// When there is a file already, or none can be made.
    pub fn start(path: &Path, now: Timestamp, positions: RecordedPositions) -> io::Result<Self> {
        let mut text = String::new();
        let file = File::create_new(path)?;
        let recorder = Recorder::start(now, positions, &mut text);
        let mut recording = Self { file, recorder, text };
        recording.write()?;
        Ok(recording)
    }

    /// Adds a signal and what it came to; `false` once the recording is full.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(
        &mut self,
        now: Timestamp,
        signal: &Signal,
        judgement: &Judgement,
        cache: &Cache,
    ) -> io::Result<bool> {
        let id_of = |key: StoreKey| cache.stores([key]).first().map(|held| held.store.id);
        let room = self.recorder.record(now, signal, judgement, &id_of, &mut self.text);
        self.write()?;
        Ok(room)
    }

    fn write(&mut self) -> io::Result<()> {
        self.file.write_all(self.text.as_bytes())?;
        self.text.clear();
        Ok(())
    }
}
