//! Tests that need the store that runs in the test process: they inject faults
//! into its answers, read the requests that it received, or change its files.
//!
//! Garage offers none of this, so `make test-garage` skips this module alone.

mod failed_rounds;
mod kills;
mod late_writes;
mod objects;
mod outages;
mod overwritten;
mod privacy;
mod reproduce;
mod shutdown;
mod verdicts;
