//! What is known of what a store takes: what was said of it, what follows from that, and what the stores
//! like it take. Pure: tags and counts in, beliefs out. Must not know: SQL, HTTP, where stores are.
//!
//! 1. What its own record says of a [`Group`] ([`Said`]);
//! 2. what follows from what it says of the group's siblings;
//! 3. what the stores like it take ([`Counts`]): a lower bound, of its own country and class, or of chains;
//! 4. otherwise nothing. Nothing ever follows to a refusal from other stores.
//!
//! What several sources say of one scheme and channel is weighed first ([`weigh`]).

mod brands;
mod claims;
mod class;
mod counts;
mod group;
mod judge;
mod markets;
mod said;
mod siblings;
mod weighing;
mod wilson;

pub use claims::{StoreKind, credited, follow, infer};
pub use class::Class;
pub use counts::{CountedStore, Counts, CountsError};
pub use group::Group;
pub use judge::{Basis, Found, StoreRecord, find, find_all};
pub use markets::{Market, Markets};
pub use said::Said;
pub use weighing::{Evidence, Weighed, Weight, weigh, weight_of};
