//! What moved between the operator and the wallet company on one day, as a file to be compared.

mod day_file;
mod rows;

pub use day_file::day_file;
