//! `tekseru examine`: what is seen in single files, without judging it.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::examination::Examination;
use pipeline::judge::{Window, resolve};
use pipeline::kind::Kind;
use pipeline::open::LimitsFile;
use pipeline::reason::{Code, Reason};
use pipeline::verdict::Sandbox;
use serde_json::{Value, json};

use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text;
use crate::cli::upload::{self, Upload, UploadError};
use crate::commands::check::write;
use crate::commands::declared;
use crate::examiner::{ChildLimits, ExaminationResult, Examiner, ExaminerError};
use crate::runtime::jobs;
use crate::runtime::jobs::InOrder;
use crate::verdicts::programmes::Rulesets;

/// Says what is seen in files: one JSON object a line, facts and no judgement.
///
/// A file that cannot be opened is an answer too: `reasons` says why.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru examine --kind passport scan.jpg
  tekseru examine --kind portrait --evidence seen photos/*.jpg | jq .portrait.measures

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// What the files are; it decides what is looked for
    #[arg(long, value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name))
        .try_map(|name| Kind::from_name(&name).ok_or("no such kind")))]
    kind: Kind,
    /// Files to look at
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Day around which two-digit years are meant [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Folder for the pictures that show what was seen
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
    #[command(flatten)]
    cost: Cost,
}

/// What looking at one file may cost.
#[derive(Args, Clone)]
pub(crate) struct Cost {
    /// Seconds that one file may take
    #[arg(long, value_name = "SECONDS", default_value_t = ChildLimits::default().seconds,
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// Memory that one file may take, in MiB
    #[arg(long, value_name = "MIB", default_value_t = ChildLimits::default().memory_mib,
        value_parser = clap::value_parser!(u32).range(64..=1 << 20))]
    memory: u32,
    /// Limits on files, as TOML: keys such as bytes, pixels, side, pages hold for
    /// every kind, a table such as [portfolio] for that kind
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
    /// Files looked at side by side [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Whether files are looked at in a process that can do nothing but compute;
    /// off where the machine's own walls are to do, as verdicts then say
    #[arg(
        long,
        value_name = "ON|OFF",
        value_enum,
        default_value = "on",
        hide_possible_values = true
    )]
    sandbox: Switch,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

/// What to do where the sandbox does not hold.
pub(crate) const SANDBOX_MISSING: &str = "the sandbox needs Linux 5.13 or later with landlock and seccomp, and a \
                       container profile that allows landlock_*, seccomp and close_range; \
                       --sandbox=off goes on without it, with limits on memory and time alone";

impl Cost {
    pub(crate) fn child(&self) -> ChildLimits {
        ChildLimits { seconds: self.seconds, memory_mib: self.memory }
    }

    /// # Errors
    /// When the file of limits cannot be read or used.
    pub(crate) fn limits(&self) -> Result<LimitsFile, Failure> {
        let Some(path) = &self.limits else { return Ok(LimitsFile::default()) };
        let fault = |why: String| Failure::Input(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        LimitsFile::parse(&text).map_err(fault)
    }

    /// What examines within these limits, once it has shown that they hold.
    ///
    /// # Errors
    /// When the file of limits cannot be read or used, or a document could do
    /// on this machine what it must not.
    pub(crate) fn examiner(&self) -> Result<Examiner, Failure> {
        let examiner = Examiner::new(self.child(), self.limits()?).with_sandbox(self.sandbox());
        examiner.self_test().map_err(|error| {
            let mend = match self.sandbox() {
                Sandbox::On => format!("\n{SANDBOX_MISSING}"),
                Sandbox::Off => String::new(),
            };
            Failure::Ours(format!("no document may be examined here: {error}{mend}"))
        })?;
        Ok(examiner)
    }

    /// Whether files are looked at inside the sandbox.
    pub(crate) fn sandbox(&self) -> Sandbox {
        match self.sandbox {
            Switch::On => Sandbox::On,
            Switch::Off => Sandbox::Off,
        }
    }

    pub(crate) fn jobs(&self) -> NonZero<usize> {
        self.jobs.unwrap_or_else(jobs::default_parallelism)
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let rulesets = Rulesets::load(&[])?;
    let on = arguments.on.unwrap_or_else(|| rulesets.day_of(Timestamp::now()));
    let window = rulesets.window(on).ok_or_else(|| Failure::Ours("no rule set".to_owned()))?;
    let examiner = arguments.cost.examiner()?;

    let files: Vec<(usize, &PathBuf)> = arguments.files.iter().enumerate().collect();
    let mut results = InOrder::new(files.len());
    let mut exit = Exit::Fine;
    let mut ended = Ok(());
    let look = |(i, file): (usize, &PathBuf)| (i, look(&examiner, file, arguments.kind));
    terminal.start_progress(files.len());
    jobs::for_each_parallel(files, arguments.cost.jobs(), look, |(i, seen)| {
        terminal.advance();
        results.insert(i, seen);
        while let Some((number, seen)) = results.next() {
            let teller = Teller { arguments, on, window, number };
            match teller.tell(&arguments.files[number], seen, terminal) {
                Ok(one) => exit = exit.max(one),
                Err(failure) => ended = Err(failure),
            }
        }
    });
    terminal.end_progress();
    ended.map(|()| exit)
}

/// What became of one file.
enum Seen {
    Looked(Box<ExaminationResult>),
    TooLarge(Reason),
    Unread(UploadError),
    Failed(ExaminerError),
}

fn look(examiner: &Examiner, file: &Path, kind: Kind) -> Seen {
    let limit = examiner.file_limits(kind).bytes;
    match upload::read(file, None, limit) {
        Ok(Upload::Bytes(bytes)) => match examiner.examine(&bytes, kind) {
            Ok(look) => Seen::Looked(Box::new(look)),
            Err(error) => Seen::Failed(error),
        },
        Ok(Upload::TooLarge { bytes }) => Seen::TooLarge(too_large(bytes, limit)),
        Err(error) => Seen::Unread(error),
    }
}

/// A file of more bytes than its kind may have; it is not read.
pub(crate) fn too_large(bytes: u64, limit: u64) -> Reason {
    Reason::new(Code::FileTooLarge).with("bytes", bytes).with("limit", limit)
}

struct Teller<'a> {
    arguments: &'a Arguments,
    on: Date,
    window: Window,
    number: usize,
}

impl Teller<'_> {
    fn tell(&self, file: &Path, seen: Seen, terminal: &mut Terminal) -> Result<Exit, Failure> {
        let name = text::escaped(&file.display().to_string());
        match seen {
            Seen::Looked(look) => {
                if let Some(folder) = &self.arguments.evidence {
                    write::pictures(&self.folder(folder, file), &look.examined.pictures)?;
                }
                terminal.say(&line(file, *look, self.on, &self.window).to_string())?;
                Ok(Exit::Fine)
            }
            Seen::TooLarge(reason) => {
                let kind = self.arguments.kind;
                let line = json!({
                    "file": file.to_string_lossy(), "kind": kind, "pages": [], "fields": [],
                    "zones": [], "portrait": null, "reasons": [reason],
                    "timings_ms": { "total": 0.0 },
                });
                terminal.say(&line.to_string())?;
                Ok(Exit::Fine)
            }
            Seen::Unread(error) => {
                terminal.warn(&format!("{name}: {error}"));
                Ok(Exit::Input)
            }
            Seen::Failed(error) => {
                terminal.warn(&format!("{name}: {error}; try `tekseru doctor`"));
                Ok(Exit::Failed)
            }
        }
    }

    /// `scan.jpg` as the third file of the command line: `3-scan.jpg`.
    fn folder(&self, folder: &Path, file: &Path) -> PathBuf {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        folder.join(write::safe_name(&format!("{}-{name}", self.number + 1)))
    }
}

/// The examination as a line: years resolved, the name's own claim compared,
/// and what it cost.
fn line(file: &Path, look: ExaminationResult, on: Date, window: &Window) -> Value {
    let mut examination: Examination = look.examined.examination;
    let read = examination.fields.clone();
    for field in &mut examination.fields {
        if let Some(date) = resolve(field, &read, on, window) {
            field.value = date.to_string();
        } else if !field.possible_years.is_empty() {
            // no year near that day fits: what is read stays, and decides nothing
            field.sure = false;
            field.basis = None;
        }
    }
    examination.reasons.extend(declared::mismatch(file, &examination));
    let mut line = json!(examination);
    line["file"] = json!(file.to_string_lossy());
    if line.get("portrait").is_none() {
        line["portrait"] = Value::Null;
    }
    line["timings_ms"] = json!({ "start": look.timings.start, "total": look.timings.total });
    if let Some(peak) = look.peak_mib {
        line["peak_mib"] = json!(peak);
    }
    line
}
