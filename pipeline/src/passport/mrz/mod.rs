//! The grammar of machine readable zones (ICAO Doc 9303, eighth edition, parts 3 to 7).
//!
//! From characters to facts: no picture, no clock, no repair. A parsed zone is
//! displayed as it was read, including wrong check digits.

pub mod check_digit;
pub mod dates;
pub mod format;
pub mod names;
mod number;
mod parsed_zone;
pub mod states;
#[cfg(test)]
mod tests;

pub use parsed_zone::{Line, Mrz};
