//! The record of all applications, in PostgreSQL or SQLite.
//!
//! The centre is [`Registry::lock`]: it locks the row of one application while
//! its documents, verdicts and outgoing events change together. Two workers
//! that finish two documents of one application therefore cannot lose each
//! other's result. Every other call is one short transaction of its own. Callers
//! pass the time; leases alone, and commands that ask for it, use the clock of the database.
//!
//! SQLite has one writer: while a [`LockedApplication`] exists, other calls that
//! write wait for it. Commit it or drop it first.

mod address;
mod applications;
mod attachments;
mod audit;
mod clock;
mod commands;
mod connection;
mod counts;
mod dead_letters;
mod debug_fields;
mod deletions;
mod due;
mod error;
mod events;
mod examination_rounds;
mod examinations;
mod inputs;
mod json;
mod lanes;
mod latest_checks;
mod leases;
mod listed;
mod load;
mod lock;
mod migrate;
mod page;
mod prune;
mod record;
mod replacements;
mod request_round;
mod retention;
mod revision;
mod revisions;
mod schema;
mod session;
mod statement;
mod withdraw;
mod workers;
mod write;

pub(crate) use address::transport;
pub(crate) use applications::SubmittedFilter;
pub(crate) use attachments::Claim;
pub(crate) use audit::{AuditEntry, AuditRow, AuditVerification};
pub(crate) use commands::{CommandReceipt, CommandRef};
pub(crate) use connection::Registry;
pub(crate) use counts::{Backlog, Counts};
pub(crate) use dead_letters::{
    DeadLetter, DeadLetterFilter, DeadLetterState, ListedLetter, Resolution,
};
pub(crate) use due::{Due, DueList, DuePlace, GroupMember};
pub(crate) use error::RegistryError;
pub(crate) use events::OutgoingEvent;
pub(crate) use examinations::StoredPictures;
pub(crate) use inputs::{JudgedInputs, JudgedOutcome};
pub(crate) use listed::UnreadableRow;
pub(crate) use lock::LockedApplication;
pub(crate) use page::Page;
pub(crate) use prune::PRUNED;
pub(crate) use record::{
    ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState, Schedule,
};
pub(crate) use retention::Expiry;
pub(crate) use revision::{NewRevision, Revision};
#[cfg(test)]
pub(crate) use schema::Schema;
pub(crate) use workers::WorkerRow;

#[cfg(test)]
pub(crate) use examination_rounds::ExaminationRounds;

#[cfg(test)]
mod tests;
