//! `tekseru work`: takes messages, examines, judges, attaches, tells.

mod arguments;
mod begin;
mod error;
mod finish;
mod hold;
pub(crate) mod intake;
mod replace;
mod said;
mod see;
mod serve;
mod story;
mod withdraw;

use std::sync::Arc;

use crate::examiner::Examiner;
use crate::services::Services;

pub(crate) use arguments::Arguments;
pub(crate) use error::{Dependency, WorkError};
pub(crate) use hold::rejected;
pub(crate) use said::Said;
pub(crate) use serve::run;
pub(crate) use story::trace_of;

/// What a worker has and no other role: it examines.
struct Worker {
    services: Services,
    examiner: Arc<Examiner>,
    /// Buckets that uploads may lie in.
    uploads: Vec<String>,
}
