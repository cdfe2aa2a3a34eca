//! `tekseru work`: takes messages, examines, judges, attaches, tells.

pub(crate) mod accept_application;
mod accept_document;
mod arguments;
mod command_time;
mod document_list;
mod error;
mod examine;
mod handle;
mod process;
mod record_and_judge;
mod serve;
mod withdraw;

use std::sync::Arc;

use crate::examiner::Examiner;
use crate::services::Services;

pub(crate) use arguments::Arguments;
pub(crate) use command_time::Said;
pub(crate) use error::{Dependency, WorkError};
pub(crate) use handle::rejected;
pub(crate) use process::trace_of;
pub(crate) use serve::{HEARTBEAT_INTERVAL, run};

/// What a worker has and no other role: it examines.
struct Worker {
    services: Services,
    examiner: Arc<Examiner>,
    /// Buckets that uploads may lie in.
    uploads: Vec<String>,
}
