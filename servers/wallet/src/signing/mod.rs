//! Who vouches for what this server says: the root key for the list of the register's keys and the
//! description of the network, the keys of the list for tiles, for store codes and for receipts. All secret keys are files of their own.

mod commands;
mod document;
mod http;
mod in_force;
mod key_files;
mod root_signed;
mod rows;
mod store_codes;

pub use commands::RegisterKeys;
pub use document::Document;
pub use http::{genuine, routes, served};
pub use in_force::{InForce, Signing};
pub use key_files::KeyFiles;
pub use root_signed::{KeysProblem, Stands};
