//! A whole cluster for a test: its own broker, database and store, and the
//! built `tekseru` in every role.

mod events;
mod process;
mod queues;
mod results;
mod roles;
mod services;
mod store;
mod times;

pub use events::{Event, TRACEPARENT, TRACESTATE};
pub use process::Process;
pub use services::Cluster;
pub use times::{LIMIT, SHORT_RETRIES};
