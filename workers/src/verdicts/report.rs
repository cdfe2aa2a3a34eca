//! Where sentences and the reviewer's page come from.

use std::collections::BTreeMap;

use pipeline::application::Applicant;
use pipeline::reason::Reason;
use pipeline::report::{Options, ReportError};
use pipeline::texts::{Audience, Texts};
use pipeline::verdict::Verdict;

/// Languages that there are sentences in.
pub(crate) const LANGUAGES: [&str; 1] = ["en"];

/// The reviewer's page: one file that loads nothing.
///
/// # Errors
/// When the page cannot be made.
pub(crate) fn html(
    verdict: &Verdict,
    applicant: Option<&Applicant>,
    pictures: &BTreeMap<String, Vec<u8>>,
    unmask: bool,
) -> Result<String, ReportError> {
    let options = Options { unmask, ..Options::default() };
    pipeline::report::html(verdict, applicant, pictures, &options)
}

/// The sentence for staff.
pub(crate) fn sentence(reason: &Reason) -> String {
    Texts::english().reason(reason, Audience::Staff)
}

/// The title of a check in words.
pub(crate) fn title(check: &str) -> String {
    Texts::english().check(check)
}

/// The name of a kind in words.
pub(crate) fn kind(name: &str) -> String {
    Texts::english().name("kind", name)
}
