//! `tekseru maintain`: finishes the work that no worker will finish.
//!
//! Every maintenance process moves the messages in `dead` and `unrouted` into the
//! registry. The process that holds the lease also does the work that depends on
//! the clock of the database: revisions that are not attached, events that are not published,
//! writes that arrived late, deletions, days that change a check, reminders, retention. Each
//! step may be interrupted and repeated anywhere.

mod arguments;
mod audit_anchor;
mod dead_letter_event;
mod late_writes;
mod lease;
mod next_day;
mod orphans;
mod retention;
mod round;
mod serve;
mod skip_failed;
mod store_dead_letter;
mod turn;
mod unfinished;

pub(crate) use arguments::Arguments;
pub(crate) use serve::run;
