//! The command line itself: exit statuses, the terminal, text for it, files named on it.

#[macro_use]
pub(crate) mod exit;
pub(crate) mod terminal;
pub(crate) mod text;
pub(crate) mod upload;
