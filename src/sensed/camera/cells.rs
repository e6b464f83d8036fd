//! quircs finds the code and fits its grid; the cells it saw are read as all others are, because quircs
//! itself reports success with cut text for modes it does not know, and reads no mirrored codes.
//!
//! One call of quircs can take seconds: its search for the alignment pattern has no bound but
//! 2^31 steps, and three distorted eyes are enough for it. It cannot be interrupted, so it works
//! on a thread of its own, is waited for as long as there is time, and is then left alone.

use super::content::Content;
use super::gray::Gray;
use super::pass::{Found, Pass};
use quircs::{Code, Quirc};
use rxing::common::BitMatrix;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long quircs is waited for. A large picture takes it 10 ms.
const PATIENCE: Duration = Duration::from_millis(60);
/// Calls at work in the process, lost ones included: beyond these quircs is not asked, so that a
/// hostile picture shown for a minute costs no more than one shown once.
const MAX_AT_WORK: usize = 2;

static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// `pixels` as many as `gray` has.
pub(super) fn read(pixels: Vec<u8>, gray: &Gray, until: Instant) -> Pass {
    let codes = identify(pixels, (gray.width, gray.height), until).unwrap_or_default();
    Pass { found: codes.iter().filter_map(read_code).collect(), finders: Vec::new() }
}

fn identify(pixels: Vec<u8>, (width, height): (usize, usize), until: Instant) -> Option<Vec<Code>> {
    let patience = until.saturating_duration_since(Instant::now()).min(PATIENCE);
    if pixels.len() != width * height || patience.is_zero() {
        return None;
    }
    let permit = Permit::take()?;
    // A channel would do, but costs the phone 7 KB.
    let answer = Arc::new((Mutex::new(None), Condvar::new()));
    let awaited = Arc::clone(&answer);
    let work = move || {
        let _place = permit;
        // It holds assertions, and arithmetic that overflows.
        let codes = catch_unwind(AssertUnwindSafe(|| {
            Quirc::new().identify(width, height, &pixels).flatten().collect::<Vec<Code>>()
        }));
        if let Ok(mut slot) = answer.0.lock() {
            *slot = codes.ok().or_else(|| Some(Vec::new()));
            answer.1.notify_one();
        }
    };
    thread::Builder::new().name("quircs".into()).spawn(work).ok()?;
    let slot = awaited.0.lock().ok()?;
    let (mut slot, _) = awaited.1.wait_timeout_while(slot, patience, |slot| slot.is_none()).ok()?;
    slot.take()
}

/// One of the calls at work.
struct Permit;

impl Permit {
    fn take() -> Option<Self> {
        let one_more = |count: usize| (count < MAX_AT_WORK).then_some(count + 1);
        AT_WORK.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok().map(|_| Self)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        AT_WORK.fetch_sub(1, Ordering::AcqRel);
    }
}

fn read_code(code: &Code) -> Option<Found> {
    let size = u32::try_from(code.size).ok().filter(|size| (21..=177).contains(size))?;
    let mut bits = BitMatrix::with_single_dimension(size).ok()?;
    for y in 0..size {
        for x in 0..size {
            let i = (y * size + x) as usize;
            if code.cell_bitmap.get(i >> 3)? & (1 << (i & 7)) != 0 {
                bits.set(x, y);
            }
        }
    }
    let content = Content::of(&bits)?;
    Some(Found { content, corners: code.corners.map(|p| (p.x as f32, p.y as f32)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quircs_is_not_asked_while_its_places_are_taken() {
        let soon = || Instant::now() + Duration::from_secs(60);
        let taken: Vec<Permit> = std::iter::from_fn(Permit::take).collect();
        assert!(taken.len() <= MAX_AT_WORK);
        assert!(identify(vec![255; 64 * 64], (64, 64), soon()).is_none());
        drop(taken);
        assert!(identify(vec![255; 64 * 64], (64, 64), soon()).is_some());
    }

    #[test]
    fn quircs_is_not_asked_when_the_time_is_over() {
        assert!(identify(vec![255; 64 * 64], (64, 64), Instant::now()).is_none());
    }
}
