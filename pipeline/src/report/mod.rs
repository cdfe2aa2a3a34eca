//! The report: a verdict as one HTML file for a reviewer.
//!
//! The page has no script and makes no request: style and pictures are inside,
//! and a content security policy enforces this. The page advises; nothing on it
//! approves or refuses. Personal data is masked by default. Every text of a
//! portal, a file or a person is hostile input: hidden characters are made
//! visible and long texts are cut before the template escapes them.

mod documents;
mod field_pictures;
mod fields;
mod findings;
mod gallery;
mod groups;
mod head;
pub mod mask;
mod measures;
mod pictures;
mod sides;
mod view;

use std::collections::BTreeMap;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::application::Applicant;
use crate::texts::Texts;
use crate::verdict::Verdict;

use documents::DocumentRow;
use field_pictures::Line;
use fields::FieldTable;
use findings::{Finding, OtherCheck};
use head::Head;
use measures::MeasureTable;
use pictures::Figure;
use view::View;

const STYLE: &str = include_str!("../../templates/report.css");

/// Options of a page.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Whether names, numbers, dates of birth and pictures are shown without masks.
    pub unmask: bool,
    /// The language.
    pub texts: &'a Texts,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { unmask: false, texts: Texts::english() }
    }
}

/// Why the page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template failed.
    #[error("report could not be written")]
    Template(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    t: &'a Texts,
    style: &'a str,
    policy: String,
    unmask: bool,
    head: Head,
    findings: Vec<Finding>,
    count: String,
    documents: Vec<DocumentRow>,
    tables: Vec<FieldTable>,
    measures: Vec<MeasureTable>,
    other_checks: Vec<OtherCheck>,
    other_count: String,
    provenance: Vec<(String, Vec<String>)>,
}

/// Makes the page of a verdict.
///
/// `pictures` has the bytes of each piece of evidence by its id (`D-1/zone-1`).
/// If a picture has a masked copy, only the copy is used unless
/// `options.unmask`. `applicant` adds the values of the form.
///
/// # Errors
/// Only when the template fails.
pub fn html(
    verdict: &Verdict,
    applicant: Option<&Applicant>,
    pictures: &BTreeMap<String, Vec<u8>>,
    options: &Options<'_>,
) -> Result<String, ReportError> {
    let view = View::new(verdict, applicant, pictures, options.texts, options.unmask);
    let (findings, other_checks) = findings::list_findings(&view);
    let count =
        |id: &str, all: usize| view.counted(id, "count", i64::try_from(all).unwrap_or(i64::MAX));
    let page = Page {
        t: options.texts,
        style: STYLE,
        policy: policy(),
        unmask: options.unmask,
        head: view.head(),
        count: count("report-eyes-count", findings.len()),
        findings,
        documents: view.documents(),
        tables: view.field_tables(),
        measures: view.measure_tables(),
        other_count: count("report-passed-count", other_checks.len()),
        other_checks,
        provenance: view.provenance(verdict),
    };
    Ok(page.render()?)
}

/// Returns the content security policy: embedded pictures and this style only.
fn policy() -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{style}'; \
         base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod specimen;
#[cfg(test)]
mod tests;
