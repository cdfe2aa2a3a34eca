//! Applications in folders, as `check` and `submit` take them.

mod applications;
mod kind_from_name;
mod listing;
mod submission;
#[cfg(test)]
mod tests;

pub(super) use applications::{find_applications, refuse_output_within};
pub(super) use submission::{Submission, read_submission};
