//! A verdict for a person at a terminal: what needs eyes first.
//!
//! Legible without colour: every status is a word. Names and numbers of
//! persons are masked unless asked for, and everything that came from an input
//! is escaped.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use pipeline::application::Applicant;
use pipeline::report::mask::Scrub;
use pipeline::status::Status;
use pipeline::verdict::{Advice, Body, Check, DocumentVerdict, Verdict};

use crate::cli::text::{escaped, padded, width, wrapped};
use crate::verdicts::report;

mod mask;

/// How a verdict is shown.
pub(crate) struct View<'a> {
    /// Columns there are.
    pub(crate) columns: usize,
    /// Whether names and numbers are shown.
    pub(crate) unmask: bool,
    /// What the form says: it is masked wherever it stands.
    pub(crate) applicant: Option<&'a Applicant>,
    /// Where the page for the reviewer is.
    pub(crate) report: &'a Path,
}

/// Columns of the longest status that is shown in a list.
const STATUS: usize = "not_run".len();
/// What stands left of a sentence: two spaces, a status, two spaces.
const INDENT: usize = 2 + STATUS + 2;

/// The table, without a line feed at its end.
pub(crate) fn show(verdict: &Verdict, view: &View<'_>) -> String {
    let body = &verdict.body;
    let mut lines = heading(body, view);
    lines.extend(look_at(body, view));
    lines.extend(documents(body, view));
    lines.push(String::new());
    if !view.unmask {
        // whatever somebody typed into ids, kinds and file names
        let scrub = Scrub::new(verdict, view.applicant);
        lines.iter_mut().for_each(|line| *line = scrub.text(line));
    }
    // the caller named the folder, and must find it
    let report = escaped(&view.report.display().to_string());
    format!("{}\n  Report  {report}\n", lines.join("\n"))
}

fn heading(body: &Body, view: &View<'_>) -> Vec<String> {
    let bold = Style::new().bold();
    let id = escaped(&body.subject.application_id);
    let status = styled(body.outcome, &body.outcome.name().to_uppercase());
    let mut lines = vec![format!("{bold}{id}{bold:#}  {status}")];
    let programme = &body.programme;
    let dates = &body.dates;
    let left = match dates.days_left {
        days if days < 0 => format!("{} overdue", days_of(-days)),
        days => format!("{} left", days_of(days)),
    };
    let assumed = if dates.assumed { " (time of receipt)" } else { "" };
    let sentences = [
        advice(body.advice).to_owned(),
        format!("{}: {}", programme.title, programme.stage_title),
        format!("Applied {}{assumed}, judged {}", dates.application_date, body.on),
        format!("Review due {}: {left}; {} is safe", dates.due, dates.due_safe),
    ];
    for sentence in sentences {
        lines.extend(wrapped(&escaped(&sentence), view.columns));
    }
    lines
}

fn days_of(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn advice(advice: Advice) -> &'static str {
    match advice {
        Advice::None => "Nothing was found that needs anybody",
        Advice::Look => "A reviewer should look at what is named below",
        Advice::AskApplicant => "The applicant can mend what is named below",
        Advice::WaitRetry => "Try again: the applicant is not the cause of an error below",
    }
}

/// Checks that need eyes, the gravest first, each with its sentences.
fn look_at(body: &Body, view: &View<'_>) -> Vec<String> {
    let mut checks: Vec<&Check> =
        body.checks.iter().filter(|check| check.status >= Status::Warn).collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.status));
    if checks.is_empty() {
        return Vec::new();
    }
    let passed = body.checks.iter().filter(|check| check.status == Status::Pass).count();
    let title = format!("  Look at {}; {passed} passed", count(checks.len()));
    let mut lines = vec![String::new(), title];
    for alike in checks.chunk_by(|one, next| wait_alike(one, next)) {
        lines.extend(finding(alike, view));
    }
    lines
}

/// Checks that were not run for one and the same reason are told together.
fn wait_alike(one: &Check, next: &Check) -> bool {
    one.status == Status::NotRun
        && next.status == Status::NotRun
        && one.reasons.is_empty()
        && next.reasons.is_empty()
        && (&one.document_id, &one.depends_on, one.required)
            == (&next.document_id, &next.depends_on, next.required)
}

fn finding(alike: &[&Check], view: &View<'_>) -> Vec<String> {
    let Some(check) = alike.first() else { return Vec::new() };
    let titles: Vec<String> = alike.iter().map(|check| report::title(&check.id)).collect();
    let about = check.document_id.as_ref().map_or(String::new(), |id| format!(" · {id}"));
    let optional = if check.required { "" } else { " (optional)" };
    let title = format!("{}{about}{optional}", titles.join(", "));

    let mut lines = indented(&title, view);
    let status = styled(check.status, &padded(check.status.name(), STATUS));
    if let Some(first) = lines.first_mut() {
        *first = format!("  {status}  {}", first.trim_start());
    }
    lines.extend(sentences(check).iter().flat_map(|sentence| indented(sentence, view)));
    lines
}

/// The text escaped, wrapped, and moved right of the statuses.
fn indented(text: &str, view: &View<'_>) -> Vec<String> {
    let columns = view.columns.saturating_sub(INDENT);
    let lines = wrapped(&escaped(text), columns).into_iter();
    lines.map(|line| format!("{}{line}", " ".repeat(INDENT))).collect()
}

fn count(checks: usize) -> String {
    if checks == 1 { "1 check".to_owned() } else { format!("{checks} checks") }
}

fn sentences(check: &Check) -> Vec<String> {
    let mut sentences: Vec<String> = check.reasons.iter().map(report::sentence).collect();
    if sentences.is_empty() && !check.depends_on.is_empty() {
        let titles: Vec<String> = check.depends_on.iter().map(|id| report::title(id)).collect();
        sentences.push(format!("waits for: {}", titles.join(", ")));
    }
    sentences
}

fn documents(body: &Body, view: &View<'_>) -> Vec<String> {
    let mut lines = vec![String::new(), "  Documents".to_owned()];
    let named = |d: &DocumentVerdict| escaped(&d.document_id);
    let kinds =
        body.documents.iter().map(|d| width(&report::kind(d.kind.name()))).max().unwrap_or(0);
    let ids = body.documents.iter().map(|d| width(&named(d))).max().unwrap_or(0);
    for document in &body.documents {
        let status = styled(document.outcome, &padded(document.outcome.name(), STATUS));
        let kind = padded(&report::kind(document.kind.name()), kinds);
        let id = padded(&named(document), ids);
        let line = format!("  {status}  {kind}  {id}  {}", escaped(&content(document)));
        lines.push(line.trim_end().to_owned());
        let read = mask::fields(document, view.unmask);
        if !read.is_empty() {
            lines.extend(indented(&read, view));
        }
    }
    if body.documents.is_empty() {
        lines.push("  none".to_owned());
    }
    lines
}

/// File name, type and pages, as far as they are known.
fn content(document: &DocumentVerdict) -> String {
    let file = document.file.as_deref();
    let place = file.or(document.object.as_ref().map(|object| object.key.as_str()));
    let pages = match document.page_count {
        0 => None,
        1 => Some("1 page".to_owned()),
        pages => Some(format!("{pages} pages")),
    };
    let media_type = document.media_type.map(|media_type| media_type.name().to_owned());
    let parts = [place.map(str::to_owned), media_type, pages];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The text in the colour of a status; colour says nothing that the text does not.
fn styled(status: Status, text: &str) -> String {
    let style = match status {
        Status::Error | Status::Fail => Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
        Status::Unsure | Status::NotRun | Status::Warn => {
            Style::new().fg_color(Some(AnsiColor::Yellow.into()))
        }
        Status::Pass => Style::new().fg_color(Some(AnsiColor::Green.into())),
        Status::NotApplicable => Style::new().dimmed(),
    };
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests;
