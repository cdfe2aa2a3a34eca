//! Tests against real nodes: one shared node that runs undisturbed, with a virtual host for
//! each test, and one that is stopped, killed and starved by one test at a time.

mod broker_faults;
mod consume;
mod dead_letters;
mod definitions;
mod permissions;
mod publish;
mod shutdown;
mod support;
