//! Arguments of `tekseru check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::status::Status;

use crate::cli::Exit;
use crate::services::examiner_arguments::ExaminerArguments;

/// Check one application or many, and list the points that need a reviewer.
///
/// A folder with an application.json is one application; the schema of the file is
/// `tekseru schema application`. A folder with only plain files is also one
/// application: kinds are guessed from file names (passport, translation, portrait
/// or photo, cv or resume, portfolio, motivation, police or clearance, petition,
/// questionnaire or anketa, diploma, professional certificate), and the verdict says
/// that they were guessed. In any other folder, each sub-folder is one application.
///
/// For each application, verdict.json, report.html and evidence/ are written into
/// FOLDER/verdict, or into DIR/APPLICATION_ID with --out. Only their owner can read
/// them. FOLDER/verdict is never read as documents.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru check A-104                         one application, as a table
  tekseru check inbox --out verdicts          a folder of applications
  tekseru check inbox --format json | jq -r '[.body.subject.application_id, .body.outcome] | @tsv'
  tekseru check A-104 --on 2026-03-01         judged as on that day
  tekseru check A-104 --programme rules.toml  judged by your own programme file
  tekseru check inbox --state known           a second run opens only new files

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Folders: one application, or one application in each sub-folder
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Folder for results [default: FOLDER/verdict in each application]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Folder for the examinations and verdicts of earlier runs: known files are not opened
    /// again, and verdicts count their revisions. It is created where it does not exist.
    /// It contains personal data: delete it when you are done
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Day of the judgement [default: today in the programme's time zone]
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<Date>,
    /// Time of receipt, used where application.json has no accepted_at [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub(super) received: Option<Timestamp>,
    /// Programme file to judge by, instead of the built-in programmes; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) programme: Vec<PathBuf>,
    /// Stage of an application that has no application.json
    #[arg(long, value_name = "STAGE", default_value = "residence-permit")]
    pub(super) stage: String,
    /// Show names and numbers of persons in the table and in the report
    #[arg(long)]
    pub(super) unmask: bool,
    /// Format of the output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// The lowest outcome that makes the exit status 1
    #[arg(long, value_enum, value_name = "OUTCOME", default_value_t = FailOn::Fail)]
    pub(super) fail_on: FailOn,
    #[command(flatten)]
    pub(super) examiner: ExaminerArguments,
}

/// Format of the output.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// One table per application
    Human,
    /// One verdict per line (schema: verdict); names and numbers are not masked
    Json,
}

/// The lowest outcome that makes the exit status 1.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum FailOn {
    /// A required check failed, or a document is not available
    Fail,
    /// The same, or a required check is undecided
    Unsure,
    /// No outcome
    Never,
}

impl FailOn {
    /// Returns the exit status for an outcome.
    pub(super) fn exit(self, outcome: Status) -> Exit {
        let lowest = match self {
            Self::Fail => Status::Fail,
            Self::Unsure => Status::NotRun,
            Self::Never => return Exit::Success,
        };
        if outcome < lowest { Exit::Success } else { Exit::Findings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_status_follows_the_outcome() {
        use Status::{Error, Fail, Pass, Unsure, Warn};
        for (fail_on, findings) in [
            (FailOn::Fail, &[Fail, Error][..]),
            (FailOn::Unsure, &[Unsure, Fail, Error]),
            (FailOn::Never, &[]),
        ] {
            for outcome in [Pass, Warn, Unsure, Fail, Error] {
                let exit = fail_on.exit(outcome);
                assert_eq!(exit == Exit::Findings, findings.contains(&outcome), "{outcome:?}");
            }
        }
    }
}
