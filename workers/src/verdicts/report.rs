//! The report for the reviewer.

use std::collections::BTreeMap;

use pipeline::application::Applicant;
use pipeline::report::{Options, ReportError};
use pipeline::verdict::Verdict;

/// Returns the report as one HTML file that loads nothing.
///
/// # Errors
/// When the report cannot be made.
pub(crate) fn html(
    verdict: &Verdict,
    applicant: Option<&Applicant>,
    pictures: &BTreeMap<String, Vec<u8>>,
    unmask: bool,
) -> Result<String, ReportError> {
    let options = Options { unmask, ..Options::default() };
    pipeline::report::html(verdict, applicant, pictures, &options)
}
