//! Events for portals. They are small: outcomes, codes, digests and the place of
//! the full verdict.

mod data;
mod event;
mod parse;

pub use data::{
    ACCEPTED, APPLICATION_VERDICT, Accepted, ApplicationVerdictEvent, DEADLINE, DOCUMENT_VERDICT,
    Deadline, DocumentVerdictEvent, EVENTS, FAILED, Failed, Problem, REJECTED,
};
pub use parse::{Event, parse};
