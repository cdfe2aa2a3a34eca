//! The services that long-running processes and operators' commands connect to.
//!
//! No messages and no order of work here: see `worker` and `maintenance`.

mod agreed_clock;
pub(crate) mod audit_anchor;
pub(crate) mod config;
pub(crate) mod config_problems;
mod connect;
mod connected;
mod dependency;
mod error;
pub(crate) mod examiner_arguments;
pub(crate) mod health;
pub(crate) mod role;
mod secrets;

pub(crate) use agreed_clock::{ClockError, agreed_clock};
pub(crate) use connect::{connect_registry, wait_for_registry};
pub(crate) use connected::Services;
pub(crate) use dependency::Dependency;
pub(crate) use error::ServiceError;
