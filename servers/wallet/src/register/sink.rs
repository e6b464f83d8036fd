//! The way of what a reader reads to the database.

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::mpsc;

use super::record::{Record, Trouble};

/// Records sent together.
const TOGETHER: usize = 500;

/// What comes out of a reader, on its way to the database.
pub enum Part {
    /// Some stores; others follow.
    Records(Vec<Record>),
    /// All stores of the file.
    All(Vec<Record>),
    /// So many more elements, features or rows were looked at.
    Read(u64),
    /// So much of the file is read, in thousandths.
    Progress(u64),
    /// So many stores were left out, for this reason.
    Skipped(String, u64),
    /// So many places of this kind are no stores.
    LeftOut(String, u64),
    /// Something else to be told, and how often it is so.
    Note(String, u64),
    /// Something could not be read.
    Trouble(Trouble),
}

/// Where a reader puts what it reads, in order.
pub struct Sink {
    parts: mpsc::Sender<Part>,
    records: Vec<Record>,
    looked_at: u64,
    read: Arc<AtomicU64>,
    size: u64,
}

impl Sink {
    pub fn new(parts: mpsc::Sender<Part>) -> Self {
        Self { parts, records: Vec::new(), looked_at: 0, read: Arc::default(), size: 0 }
    }

    /// Tells how much is read, in thousandths.
    pub fn progress(&mut self, thousandths: u64) {
        self.send(Part::Progress(thousandths));
    }

    /// `inner`, with what is taken from it counted as progress through `size` bytes.
    pub fn counted<R: Read>(&mut self, inner: R, size: u64) -> Counted<R> {
        self.size = size;
        Counted { inner, read: Arc::clone(&self.read) }
    }

    /// Sends a part; records that wait go before it only when they are many or it ends the file.
    pub fn send(&mut self, part: Part) {
        match part {
            Part::Read(count) => self.looked_at += count,
            // A closed channel means that the saving failed, which its own error tells.
            other => _ = self.parts.blocking_send(other),
        }
    }

    pub fn record(&mut self, record: Record) {
        self.records.push(record);
        if self.records.len() >= TOGETHER {
            self.flush();
            let read = self.read.load(Ordering::Relaxed);
            self.progress(read.saturating_mul(1000) / self.size.max(1));
        }
    }

    fn flush(&mut self) {
        let _ = self.parts.blocking_send(Part::Read(std::mem::take(&mut self.looked_at)));
        let _ = self.parts.blocking_send(Part::Records(std::mem::take(&mut self.records)));
    }

    /// Sends what is left.
    pub fn finish(mut self) {
        self.flush();
    }
}

/// Counts the bytes that were taken from `inner`.
pub struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
