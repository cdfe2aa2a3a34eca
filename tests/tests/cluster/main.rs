//! The whole flow against a real broker, database and store: from the messages
//! of a portal to the results for reviewer and portal, with and without faults.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

mod accounting;
mod assertions;
mod audit;
mod dump;
mod flow;
mod in_process_store;
mod incomplete;
mod kills;
mod later_version;
mod maintenance;
mod neighbours;
mod operators;
mod outbox;
mod poison;
mod portals;
mod replacements;
mod retention;
mod samples;
mod uploads;
