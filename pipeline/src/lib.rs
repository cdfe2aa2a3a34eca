//! Bytes in, verdict out.
//!
//! No network, clock or tokio here: callers pass the day, the limits and the
//! bytes, so any verdict can be replayed from a file.

pub mod application;
pub mod contract;
pub mod digest;
pub mod engines;
pub mod examination;
pub mod examine;
pub mod examiner;
pub mod fingerprint;
mod hidden;
pub mod judge;
pub mod kind;
pub mod models;
pub mod open;
pub mod passport;
pub mod portrait;
pub mod programme;
pub mod reason;
pub mod report;
pub mod status;
pub mod texts;
pub mod verdict;
pub mod warm;

pub use examine::{ExaminedFile, examine};
pub use judge::{Case, ExaminationOutcome, judge, judge_single_document};
pub use warm::warm;
