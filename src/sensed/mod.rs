//! Step 1: what the phone noticed. Comes in: records from the app's sensors, all of them hostile.
//! Goes out: checked values. Must not know: which store is meant, the cache, the server.

pub mod camera;
