//! `tekseru work`: takes deliveries, examines documents, judges applications, attaches verdicts.
//!
//! Read `process.rs` first: it has the order of one delivery.

pub(crate) mod accept_application;
mod accept_document;
mod arguments;
mod attach_later;
mod command;
mod command_time;
mod dependency_wait;
mod document_list;
mod document_message;
mod error;
mod examine;
mod examine_again;
mod foreign;
mod handle;
mod outbox;
mod process;
mod record_and_judge;
mod rejected;
mod resources;
mod serve;
mod withdraw;

pub(crate) use arguments::Arguments;
pub(crate) use command::trace_of;
pub(crate) use command_time::CommandTime;
pub(crate) use document_message::document_message;
pub(crate) use foreign::foreign;
pub(crate) use rejected::rejected_message;
pub(crate) use serve::{HEARTBEAT_INTERVAL, run};
