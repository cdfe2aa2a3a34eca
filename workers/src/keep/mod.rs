//! `tekseru keep`: what nobody else comes back for.
//!
//! Every keeper drains `dead` and `unrouted` into the registry; what is done by
//! the clock is done by the one that holds the lease: revisions not attached,
//! events not sent, objects not erased, days that change a check, reminders,
//! retention. Each may be interrupted and repeated anywhere.

mod arguments;
mod bury;
mod day;
mod serve;
mod sweep;

pub(crate) use arguments::Arguments;
pub(crate) use serve::run;
