//! The whole flow against a real broker, database and store: from what a portal
//! sends to what a reviewer and a portal receive, and what faults do to it.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

mod accounting;
mod assertions;
mod flow;
mod in_process_store;
mod kills;
mod maintenance;
mod operators;
mod poison;
mod replacements;
mod samples;
mod uploads;
