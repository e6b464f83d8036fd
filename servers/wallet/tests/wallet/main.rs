//! Both servers as they run, on free ports and real stores.

mod changing;
#[path = "../../examples/logins/run.rs"]
mod logins;
#[path = "../../examples/logins/served.rs"]
mod served;

mod access;
mod approval_keys;
mod balances;
mod bound;
mod credentials;
mod devices;
mod entries;
mod events;
mod evidence;
mod extracts;
mod forms;
mod generate;
mod guesses;
mod joining;
mod linking;
mod lists;
mod logs;
mod money;
mod numbering;
mod osm;
mod own_data;
mod pbf;
mod process;
mod provided;
mod pushes;
mod reading;
mod receipts;
mod refunds;
mod register;
mod reports;
mod settlements;
mod signing;
mod terminals;
mod tiles;
mod tokens;
mod unlocking;
mod verifying;
mod world;
