//! The command line: exit statuses, failures, the terminal, its text, and files that it names.

#[macro_use]
mod exit;
mod failure;
pub(crate) mod files;
mod terminal;
pub(crate) mod text;

pub(crate) use exit::Exit;
pub(crate) use failure::Failure;
pub(crate) use terminal::Terminal;
