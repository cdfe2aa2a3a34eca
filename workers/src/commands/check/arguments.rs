//! What `tekseru check` can be asked for.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::status::Status;

use crate::cli::exit::Exit;
use crate::commands::examine::Cost;

/// Checks one application or a folder of them and says what needs a reviewer's eyes.
///
/// A folder with an application.json is one application, in the published form
/// (`tekseru schema application`). A folder of plain files is one too: kinds
/// are guessed from file names (passport, translation, portrait or photo, cv
/// or resume, portfolio, motivation, police or clearance, petition,
/// questionnaire or anketa, diploma) and the verdict says that they were. Any
/// other folder holds one application in each of its sub-folders.
///
/// For each application verdict.json, report.html and evidence/ are written,
/// readable by their owner alone, into FOLDER/verdict, which is never read as
/// uploads, or into DIR/APPLICATION_ID with --out.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru check A-104                         one application, as a table
  tekseru check inbox --out verdicts          a folder of applications
  tekseru check inbox --format json | jq -r '[.body.subject.application_id, .body.outcome] | @tsv'
  tekseru check A-104 --on 2026-03-01         as it would stand on that day
  tekseru check A-104 --programme rules.toml  by other rules
  tekseru check inbox --state known           again and again: only what is new is opened

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Folders: an application, or one application in each sub-folder
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Folder for results [default: FOLDER/verdict in each application]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Folder that remembers earlier runs: files that were looked at are not opened again, and
    /// verdicts count their revisions; made if absent, personal, to be deleted when done
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Day of judging [default: today in the programme's zone]
    #[arg(long, value_name = "DATE")]
    pub(super) on: Option<Date>,
    /// Instant of receipt, taken where application.json has no accepted_at [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub(super) received: Option<Timestamp>,
    /// Programme file to judge by instead of the built-in ones; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(super) programme: Vec<PathBuf>,
    /// Stage of an application without application.json
    #[arg(long, value_name = "STAGE", default_value = "residence-permit")]
    pub(super) stage: String,
    /// Shows names and numbers of persons in table and report
    #[arg(long)]
    pub(super) unmask: bool,
    /// What is written to stdout
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Outcome from which on the exit status is 1
    #[arg(long, value_enum, value_name = "OUTCOME", default_value_t = FailOn::Fail)]
    pub(super) fail_on: FailOn,
    #[command(flatten)]
    pub(super) cost: Cost,
}

/// What is written to stdout.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// A table an application
    Human,
    /// A verdict an application, one a line (schema: verdict), names and numbers unmasked
    Json,
}

/// Outcome from which on the exit status is 1.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum FailOn {
    /// A required check failed, or a document could not be had
    Fail,
    /// The same, or a required check could not be decided
    Unsure,
    /// None
    Never,
}

impl FailOn {
    /// The exit status for an outcome.
    pub(super) fn exit(self, outcome: Status) -> Exit {
        let least = match self {
            Self::Fail => Status::Fail,
            Self::Unsure => Status::NotRun,
            Self::Never => return Exit::Fine,
        };
        if outcome < least { Exit::Fine } else { Exit::Findings }
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
