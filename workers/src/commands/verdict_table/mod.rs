//! A verdict as a table for the terminal; checks that need a reviewer come first.
//!
//! It is readable without colour: every status is a word. Names and numbers of
//! persons are masked unless the caller wants them, and all text from an input
//! is escaped.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use pipeline::application::Applicant;
use pipeline::reason::Reason;
use pipeline::report::mask::Scrub;
use pipeline::status::Status;
use pipeline::texts::{Audience, Texts};
use pipeline::verdict::{Advice, Body, Check, Dates, DocumentVerdict, Verdict};

use crate::cli::text::{escaped, padded, width, wrapped};

mod fields;
#[cfg(test)]
mod tests;

/// Options of the table.
pub(super) struct View<'a> {
    /// Width of the terminal.
    pub(super) columns: usize,
    /// Whether names and numbers are shown.
    pub(super) unmask: bool,
    /// The applicant of the form, whose data is masked everywhere in the table.
    pub(super) applicant: Option<&'a Applicant>,
    /// Path or address of the report.
    pub(super) report: &'a Path,
    /// Command that saves the report as a file, where the report is in an object store.
    pub(super) save_command: Option<&'a str>,
}

/// Columns of the longest status that is shown in a list.
const STATUS: usize = "not_run".len();
/// Columns left of a sentence: two spaces, a status, two spaces.
const INDENT: usize = 2 + STATUS + 2;

/// Returns the table of a verdict.
pub(super) fn table(verdict: &Verdict, view: &View<'_>) -> String {
    let body = &verdict.body;
    let mut lines = heading(body, view);
    lines.extend(findings(body, view));
    lines.extend(documents(body, view));
    lines.push(String::new());
    if !view.unmask {
        // personal data may also be in ids, kinds and file names
        let scrub = Scrub::new(verdict, view.applicant);
        lines.iter_mut().for_each(|line| *line = scrub.text(line));
    }
    // not masked: the caller chose this path and must be able to open it
    let report = escaped(&view.report.display().to_string());
    let save = view.save_command.map(|command| {
        let command = escaped(command);
        format!("  To save the report, an operator runs: {command}\n")
    });
    format!("{}\n  Report  {report}\n{}", lines.join("\n"), save.unwrap_or_default())
}

fn heading(body: &Body, view: &View<'_>) -> Vec<String> {
    let bold = Style::new().bold();
    let id = escaped(&body.subject.application_id);
    let status = coloured(body.outcome, &body.outcome.name().to_uppercase());
    let mut lines = vec![format!("{bold}{id}{bold:#}  {status}")];
    let programme = &body.programme;
    let dates = &body.dates;
    let assumed = if dates.assumed { " (time of receipt)" } else { "" };
    let sentences = [
        advice(body.advice).to_owned(),
        format!("{}: {}", programme.title, programme.stage_title),
        format!("Applied {}{assumed}, judged {}", dates.application_date, body.on),
        time_limit(dates),
    ];
    for sentence in sentences.into_iter().chain(not_read(body)) {
        lines.extend(wrapped(&escaped(&sentence), view.columns));
    }
    lines
}

/// Returns the last day of the stage's time limit, or why there is none.
fn time_limit(dates: &Dates) -> String {
    let Some(clock) = &dates.clock else {
        return "No time limit is known for this stage".to_owned();
    };
    let step = Texts::english().name("step", clock.step.name());
    let confirm = if clock.is_to_confirm() { " (to be confirmed)" } else { "" };
    let (Some(due), Some(left)) = (dates.due, dates.days_left) else {
        return format!("{step}: cannot be counted, the table of holidays ends before{confirm}");
    };
    let remaining = match left {
        ..0 if !clock.start_known => {
            format!("{} ago, at the earliest", day_count(left.saturating_neg()))
        }
        ..0 => format!("{} overdue", day_count(left.saturating_neg())),
        _ => format!("{} left", day_count(left)),
    };
    let safe = dates.due_safe.map_or_else(String::new, |safe| format!("; {safe} is safe"));
    format!("{step} {due}: {remaining}{safe}{confirm}")
}

/// Counts the documents that were not read by machine, and names their kinds.
fn not_read(body: &Body) -> Option<String> {
    let documents = match body.not_read.len() {
        0 => return None,
        1 => "1 document".to_owned(),
        several => format!("{several} documents"),
    };
    let kinds: Vec<String> =
        body.kinds_not_read().into_iter().map(|kind| kind_name(kind.name())).collect();
    Some(format!("{documents} not read by machine: {}", kinds.join(", ")))
}

fn day_count(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn advice(advice: Advice) -> &'static str {
    match advice {
        Advice::None => "No check needs attention",
        Advice::Look => "A reviewer should check the points below",
        Advice::AskApplicant => "The applicant can correct the points below",
        Advice::WaitRetry => "Try again later: an error below is not caused by the applicant",
    }
}

/// Returns the checks that need attention, the most severe first, each with its sentences.
fn findings(body: &Body, view: &View<'_>) -> Vec<String> {
    let mut checks: Vec<&Check> =
        body.checks.iter().filter(|check| check.status >= Status::Warn).collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.status));
    if checks.is_empty() {
        return Vec::new();
    }
    let passed = body.checks.iter().filter(|check| check.status == Status::Pass).count();
    let title = format!("  {}; {passed} passed", attention(checks.len()));
    let mut lines = vec![String::new(), title];
    for group in checks.chunk_by(|one, next| have_same_cause(one, next)) {
        lines.extend(finding(group, view));
    }
    lines
}

/// Returns whether two checks were not run for the same reason: they are shown together.
fn have_same_cause(one: &Check, next: &Check) -> bool {
    one.status == Status::NotRun
        && next.status == Status::NotRun
        && one.reasons.is_empty()
        && next.reasons.is_empty()
        && (&one.document_id, &one.depends_on, one.required)
            == (&next.document_id, &next.depends_on, next.required)
}

fn finding(group: &[&Check], view: &View<'_>) -> Vec<String> {
    let Some(check) = group.first() else { return Vec::new() };
    let titles: Vec<String> = group.iter().map(|check| title(&check.id)).collect();
    let about = check.document_id.as_ref().map_or(String::new(), |id| format!(" · {id}"));
    let optional = if check.required { "" } else { " (optional)" };
    let title = format!("{}{about}{optional}", titles.join(", "));

    let mut lines = indented(&title, view);
    let status = coloured(check.status, &padded(check.status.name(), STATUS));
    if let Some(first) = lines.first_mut() {
        *first = format!("  {status}  {}", first.trim_start());
    }
    lines.extend(sentences(check).iter().flat_map(|sentence| indented(sentence, view)));
    lines
}

/// Escapes and wraps a text, and indents it to the right of the statuses.
fn indented(text: &str, view: &View<'_>) -> Vec<String> {
    let columns = view.columns.saturating_sub(INDENT);
    let lines = wrapped(&escaped(text), columns).into_iter();
    lines.map(|line| format!("{}{line}", " ".repeat(INDENT))).collect()
}

fn attention(checks: usize) -> String {
    if checks == 1 {
        "1 check needs attention".to_owned()
    } else {
        format!("{checks} checks need attention")
    }
}

fn sentences(check: &Check) -> Vec<String> {
    let mut sentences: Vec<String> = check.reasons.iter().map(sentence).collect();
    if sentences.is_empty() && !check.depends_on.is_empty() {
        let titles: Vec<String> = check.depends_on.iter().map(|id| title(id)).collect();
        sentences.push(format!("waits for: {}", titles.join(", ")));
    }
    sentences
}

fn sentence(reason: &Reason) -> String {
    Texts::english().reason(reason, Audience::Staff)
}

fn title(check_id: &str) -> String {
    Texts::english().check(check_id)
}

fn kind_name(kind: &str) -> String {
    Texts::english().name("kind", kind)
}

fn documents(body: &Body, view: &View<'_>) -> Vec<String> {
    let mut lines = vec![String::new(), "  Documents".to_owned()];
    let named = |d: &DocumentVerdict| escaped(&d.document_id);
    let kinds = body.documents.iter().map(|d| width(&kind_name(d.kind.name()))).max().unwrap_or(0);
    let ids = body.documents.iter().map(|d| width(&named(d))).max().unwrap_or(0);
    for document in &body.documents {
        let status = coloured(document.outcome, &padded(document.outcome.name(), STATUS));
        let kind = padded(&kind_name(document.kind.name()), kinds);
        let id = padded(&named(document), ids);
        let line = format!("  {status}  {kind}  {id}  {}", escaped(&file_line(document)));
        lines.push(line.trim_end().to_owned());
        let read = fields::fields_line(document, view.unmask);
        if !read.is_empty() {
            lines.extend(indented(&read, view));
        }
    }
    if body.documents.is_empty() {
        lines.push("  none".to_owned());
    }
    lines
}

/// Returns file name, media type and number of pages, as far as they are known.
fn file_line(document: &DocumentVerdict) -> String {
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

/// Colours a text by a status; colour adds no information to the text.
fn coloured(status: Status, text: &str) -> String {
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
