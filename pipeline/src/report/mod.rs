//! A verdict as one page for a reviewer: a single HTML file.
//!
//! No script, no request to anywhere: style and pictures are inside, and a
//! content security policy holds the page to that. It advises; nothing on it
//! approves or refuses. Personal data is masked unless asked for. Everything
//! that a portal, a file or a person wrote is hostile input: it is made
//! visible and cut before it reaches the template, which escapes it.

mod documents;
mod fields;
mod findings;
mod frame;
pub mod mask;
mod measures;
mod pictures;
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
use fields::FieldTable;
use findings::{Finding, Quiet};
use frame::Head;
use measures::MeasureTable;
use pictures::Figure;
use view::View;

const STYLE: &str = include_str!("../../templates/report.css");

/// How a page is made.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Whether names, numbers and birth dates are shown, and pictures as they are.
    pub unmask: bool,
    /// The language.
    pub texts: &'a Texts,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { unmask: false, texts: Texts::english() }
    }
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template could not be written out.
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
    quiet: Vec<Quiet>,
    quiet_count: String,
    made: Vec<(String, Vec<String>)>,
}

/// The page of a verdict.
///
/// `pictures` holds the bytes of the verdict's evidence by its id there
/// (`D-1/zone-1`); where a picture has a masked copy, only the copy is used
/// unless `options.unmask`. `applicant` adds what the form says.
///
/// # Errors
/// Only when the template cannot be written out.
pub fn html(
    verdict: &Verdict,
    applicant: Option<&Applicant>,
    pictures: &BTreeMap<String, Vec<u8>>,
    options: &Options<'_>,
) -> Result<String, ReportError> {
    let view = View::new(verdict, applicant, pictures, options.texts, options.unmask);
    let (findings, quiet) = findings::of(&view);
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
        quiet_count: count("report-passed-count", quiet.len()),
        quiet,
        made: view.made(verdict),
    };
    Ok(page.render()?)
}

/// Nothing from anywhere but pictures inside the page and this one style.
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
