//! The whole flow against a real broker, database and store: from what a portal
//! sends to what a reviewer and a portal get, and what faults do to it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounting;
mod faults;
mod flow;
mod keeper;
mod kills;
mod operators;
mod privacy;
mod samples;
