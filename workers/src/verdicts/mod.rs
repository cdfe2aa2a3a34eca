//! From facts to a verdict that its reviewer can open: judge, attach, delete.
//!
//! Takes registry, store and broker one by one, never all services: everything
//! here also runs where only some of them exist.

pub(crate) mod attach;
pub(crate) mod delete;
mod error;
pub(crate) mod event;
pub(crate) mod evidence;
pub(crate) mod judging;
pub(crate) mod later;
pub(crate) mod programmes;
pub(crate) mod report;

pub(crate) use error::VerdictError;
