//! `tekseru examine`: examines single files and does not judge them.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::examination::Examination;
use pipeline::judge::{ExpiryYears, resolve_date};
use pipeline::kind::Kind;
use pipeline::reason::Reason;
use serde_json::{Value, json};

use super::declared_media_type::type_mismatch;
use super::results::{safe_name, write_pictures};
use crate::cli::files::{FileContent, FileError, read_file};
use crate::cli::text::escaped;
use crate::cli::{Exit, Failure, Terminal};
use crate::examiner::{ExaminationResult, Examiner, ExaminerError};
use crate::runtime::jobs;
use crate::runtime::jobs::InOrder;
use crate::services::examiner_arguments::ExaminerArguments;
use crate::verdicts::programmes::Programmes;

/// Examine single files and print the facts: one JSON object per line, without a judgement.
///
/// A file that cannot be opened also has a result: `reasons` says why.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru examine --kind passport scan.jpg
  tekseru examine --kind portrait --evidence pictures photos/*.jpg | jq .portrait.measures

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Kind of the files; it decides which facts are examined
    #[arg(long, value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name))
        .try_map(|name| Kind::from_name(&name).ok_or("unknown kind")))]
    kind: Kind,
    /// Files to examine
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Day that decides the century of two-digit years [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Folder for evidence pictures
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
    #[command(flatten)]
    examiner: ExaminerArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let programmes = Programmes::load(&[])?;
    let on = arguments.on.unwrap_or_else(|| programmes.day_of(Timestamp::now()));
    let expiry_years = programmes
        .expiry_years(on)
        .ok_or_else(|| Failure::Internal("no programme is built in".to_owned()))?;
    let examiner = arguments.examiner.start_examiner(&[])?;

    let files: Vec<(usize, &PathBuf)> = arguments.files.iter().enumerate().collect();
    let mut results = InOrder::new(files.len());
    let mut exit = Exit::Success;
    let mut ended = Ok(());
    let examine = |(i, file): (usize, &PathBuf)| (i, examine_file(&examiner, file, arguments.kind));
    terminal.start_progress(files.len());
    jobs::for_each_parallel(files, arguments.examiner.jobs(), examine, |(i, outcome)| {
        terminal.advance();
        results.insert(i, outcome);
        while let Some((index, outcome)) = results.next() {
            let printer = Printer { arguments, on, expiry_years, index };
            match printer.print(&arguments.files[index], outcome, terminal) {
                Ok(one) => exit = exit.max(one),
                Err(failure) => ended = Err(failure),
            }
        }
    });
    terminal.end_progress();
    ended.map(|()| exit)
}

/// The outcome of one file.
enum FileOutcome {
    Examined(Box<ExaminationResult>),
    TooLarge(Reason),
    Unreadable(FileError),
    Failed(ExaminerError),
}

fn examine_file(examiner: &Examiner, file: &Path, kind: Kind) -> FileOutcome {
    match read_file(file, None, examiner.file_limits(kind).bytes) {
        Ok(FileContent::Bytes(bytes)) => match examiner.examine(&bytes, kind) {
            Ok(result) => FileOutcome::Examined(Box::new(result)),
            Err(error) => FileOutcome::Failed(error),
        },
        Ok(FileContent::TooLarge { bytes }) => {
            FileOutcome::TooLarge(examiner.too_large(kind, bytes))
        }
        Err(error) => FileOutcome::Unreadable(error),
    }
}

struct Printer<'a> {
    arguments: &'a Arguments,
    on: Date,
    expiry_years: ExpiryYears,
    index: usize,
}

impl Printer<'_> {
    fn print(
        &self,
        file: &Path,
        outcome: FileOutcome,
        terminal: &mut Terminal,
    ) -> Result<Exit, Failure> {
        let name = escaped(&file.display().to_string());
        match outcome {
            FileOutcome::Examined(result) => {
                if let Some(folder) = &self.arguments.evidence {
                    write_pictures(&self.evidence_folder(folder, file), &result.examined.pictures)?;
                }
                terminal
                    .print_json(&as_json(file, *result, self.on, &self.expiry_years).to_string())?;
                Ok(Exit::Success)
            }
            FileOutcome::TooLarge(reason) => {
                let kind = self.arguments.kind;
                let line = json!({
                    "file": file.to_string_lossy(), "kind": kind, "pages": [], "fields": [],
                    "zones": [], "portrait": null, "reasons": [reason],
                    "timings_ms": { "total": 0.0 },
                });
                terminal.print_json(&line.to_string())?;
                Ok(Exit::Success)
            }
            FileOutcome::Unreadable(error) => {
                terminal.warn(&format!("{name}: {error}"));
                Ok(Exit::Input)
            }
            FileOutcome::Failed(error) => {
                terminal.warn(&format!("{name}: {error}; run `tekseru doctor` to find the cause"));
                Ok(Exit::Internal)
            }
        }
    }

    /// Returns `3-scan.jpg` for `scan.jpg` as the third file of the command line.
    fn evidence_folder(&self, folder: &Path, file: &Path) -> PathBuf {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        folder.join(safe_name(&format!("{}-{name}", self.index + 1)))
    }
}

/// Returns an examination with full years, the comparison with the declared media
/// type, and its cost.
fn as_json(file: &Path, result: ExaminationResult, on: Date, expiry_years: &ExpiryYears) -> Value {
    let mut examination: Examination = result.examined.examination;
    let read = examination.fields.clone();
    for field in &mut examination.fields {
        if let Some(date) = resolve_date(field, &read, on, expiry_years) {
            field.value = date.to_string();
        } else if !field.possible_years.is_empty() {
            // no year near that day fits: the reading stays, but is not sure
            field.sure = false;
            field.basis = None;
        }
    }
    examination.reasons.extend(type_mismatch(file, &examination));
    let mut line = json!(examination);
    line["file"] = json!(file.to_string_lossy());
    if line.get("portrait").is_none() {
        line["portrait"] = Value::Null;
    }
    line["timings_ms"] = json!({ "start": result.timings.start, "total": result.timings.total });
    if let Some(peak) = result.peak_mib {
        line["peak_mib"] = json!(peak);
    }
    line
}
