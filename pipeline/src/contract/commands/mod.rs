//! Commands of portals: their types, how they are parsed, why one is rejected.

mod command;
mod parse;
mod rejection;

pub use command::{
    APPLICATION_SUBMITTED, APPLICATION_WITHDRAWN, ApplicationRef, COMMANDS, Command,
    DOCUMENT_REPLACED, DOCUMENT_SUBMITTED, DocumentReplaced, DocumentSubmitted, RECHECK_REQUESTED,
    ReceivedCommand,
};
pub use parse::parse;
pub use rejection::{Rejection, RejectionKind};

#[cfg(test)]
mod tests;
