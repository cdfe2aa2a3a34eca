//! Against real nodes: one that is left in peace, a virtual host a test, and
//! one that is stopped, killed and starved, a test at a time.

mod consume;
mod definitions;
mod dying;
mod ending;
mod publish;
mod rights;
mod storms;
mod support;
