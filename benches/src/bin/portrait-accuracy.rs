//! The binary `portrait-accuracy`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use benches::accuracy::{BenchError, memory};
use benches::portraits::{consistency, measure, score, table, truth::Truth};
use clap::Parser;
use pipeline::status::Status;
use serde_json::json;

/// Scores the measures of portraits on pictures whose content is known.
///
/// FOLDER contains pictures and a `truth.tsv` whose columns are found by name:
/// file, n_faces, eye_img_left_x, eye_img_left_y, eye_img_right_x,
/// eye_img_right_y, crown_y_incl_hair, chin_y, eyes_open, glasses,
/// mouth_closed, greyscale, background_plain, class. Cells may be empty.
/// The output has the figures with their targets, the steadiness of the measures
/// when the same portrait is cropped, rotated, blurred and compressed again, and
/// the verdicts on pictures of the class `accepted`.
///
/// Exit status: 0; 1 if something could not be read; 2 if a target is missed.
#[derive(Parser)]
#[command(name = "portrait-accuracy", version, after_help = EXAMPLES)]
struct Arguments {
    /// Folder with pictures and `truth.tsv`.
    #[arg(required_unless_present_any = ["memory", "memory_child"])]
    folder: Option<PathBuf>,
    /// Also list each picture with its errors, and the variants that deviate.
    #[arg(long)]
    pages: bool,
    /// Figures as JSON.
    #[arg(long)]
    json: bool,
    /// Leave out the variants, which take most of the time.
    #[arg(long)]
    no_variants: bool,
    /// Judge every picture with one face, whatever its class.
    #[arg(long)]
    judge_all: bool,
    /// Measure each picture N times and take the shortest time.
    #[arg(long, value_name = "N", default_value_t = 1)]
    repeat: usize,
    /// Only measure the peak memory of FILE in a separate process.
    #[arg(long, value_name = "FILE", conflicts_with = "folder")]
    memory: Option<PathBuf>,
    #[arg(long, hide = true)]
    memory_child: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  portrait-accuracy portraits                   figures and targets
  portrait-accuracy portraits --pages           errors of each picture
  portrait-accuracy portraits --repeat 5 --no-variants    times with less noise
  portrait-accuracy --memory photograph.jpg     peak memory of one file";

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            // there is no other place to report a closed standard error
            let _ = writeln!(std::io::stderr(), "portrait-accuracy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether every target is met.
fn run(arguments: &Arguments) -> Result<bool, BenchError> {
    if let Some(file) = &arguments.memory_child {
        let before = memory::peak_kib();
        std::hint::black_box(measure::measure_file(&read(file)?).portrait.is_some());
        print(&format!("{before} {}\n", memory::peak_kib()));
        return Ok(true);
    }
    if let Some(file) = &arguments.memory {
        let peak = memory::measure(file)?;
        print(&format!("peak memory {:.1} MiB\n", peak.after as f64 / 1024.0));
        return Ok(true);
    }
    let Some(folder) = &arguments.folder else { return Ok(true) };
    let (mut scores, mut drifts, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    let truths = Truth::read(folder)?;
    for (done, truth) in truths.iter().enumerate() {
        progress(done, truths.len(), &truth.file);
        let bytes = read(&folder.join(&truth.file))?;
        let mut first = measure::measure_file(&bytes);
        for _ in 1..arguments.repeat {
            let again = measure::measure_file(&bytes);
            first.open_ms = first.open_ms.min(again.open_ms);
            first.measure_ms = first.measure_ms.min(again.measure_ms);
        }
        let mut scored = score::score(truth, first.portrait.as_ref());
        scored.ms = (first.open_ms, first.measure_ms);
        if arguments.pages && !arguments.json {
            print(&line(&scored));
        }
        scores.push(scored);
        if truth.accepted() || arguments.judge_all && truth.number("n_faces") == Some(1.0) {
            verdicts.push((truth.file.clone(), measure::verdict(&bytes)));
        }
        let plain = truth.flag("background_plain") == Some(true);
        if let Some(portrait) = first.portrait.filter(|_| plain && !arguments.no_variants)
            && let Ok(picture) = image::load_from_memory(&bytes)
        {
            drifts.extend(consistency::drifts(&truth.file, &picture.to_rgb8(), &portrait));
        }
    }
    progress(truths.len(), truths.len(), "");
    Ok(report(arguments, &scores, &drifts, &verdicts))
}

type Verdicts = [(String, Option<(Status, Vec<&'static str>)>)];

fn report(
    arguments: &Arguments,
    scores: &[score::Score],
    drifts: &[consistency::Drift],
    verdicts: &Verdicts,
) -> bool {
    let (accuracy, steady) = (table::accuracy(scores), table::steadiness(drifts));
    if arguments.json {
        let accepted = json!(verdicts.iter().map(|(file, verdict)| {
            json!({"file": file, "status": verdict.as_ref().map(|v| v.0.name()), "codes": verdict.as_ref().map(|v| &v.1)})
        }).collect::<Vec<_>>());
        let all = json!({
            "accuracy": table::json(&accuracy),
            "steadiness": table::json(&steady),
            "verdicts": accepted,
        });
        print(&format!("{all}\n"));
    } else {
        if arguments.pages {
            let far = |d: &&consistency::Drift| {
                d.head_mm.is_none_or(|v| v > 1.0)
                    || d.roll_deg.is_none_or(|v| v > 1.0)
                    || d.centre.is_none_or(|v| v > 0.01)
                    || !d.colour
            };
            for drift in drifts.iter().filter(far) {
                print(&format!("{drift:?}\n"));
            }
        }
        print(&table::text("Accuracy", &accuracy));
        if !drifts.is_empty() {
            print(&table::text(&format!("\nSteadiness, {} variants", drifts.len()), &steady));
        }
        if !verdicts.is_empty() {
            print(&format_verdicts(verdicts));
        }
    }
    accuracy.iter().chain(&steady).all(|figure| figure.met != Some(false))
}

fn format_verdicts(verdicts: &Verdicts) -> String {
    let mut text = "\nVerdicts\n".to_owned();
    let mut good = 0;
    for (file, verdict) in verdicts {
        let Some((status, codes)) = verdict else { continue };
        let fine = *status <= Status::Pass || *status == Status::Warn && codes.len() <= 1;
        good += usize::from(fine);
        text += &format!("  {file}: {} {}\n", status.name(), codes.join(", "));
    }
    text + &format!("  pass, or a single warning: {good} of {}  bar 90 %\n", verdicts.len())
}

/// Returns one line about a picture.
fn line(score: &score::Score) -> String {
    let eyes = score.eyes.map_or_else(String::new, |e| format!(" eyes {:.3} {:.3}", e[0], e[1]));
    let ends = |name: &str, off: Option<f64>| {
        off.map_or_else(String::new, |off| format!(" {name} {off:.3}"))
    };
    let classes = [
        ("grey", score.grey),
        ("closed", score.closed),
        ("glasses", score.glasses),
        ("mouth open", score.mouth_open),
    ];
    let wrong: String = classes
        .iter()
        .filter_map(|(name, pair)| {
            pair.filter(|(measured, truth)| measured != truth)
                .map(|(measured, _)| format!(" {name}: wrongly {measured}"))
        })
        .collect();
    format!(
        "{}: faces {} of {}{eyes}{}{}{wrong} {:.0} + {:.0} ms\n",
        score.file,
        score.faces.0,
        score.faces.1,
        ends("chin", score.chin),
        ends("crown", score.crown),
        score.ms.0,
        score.ms.1
    )
}

fn read(file: &Path) -> Result<Vec<u8>, BenchError> {
    std::fs::read(file).map_err(|source| BenchError::File { path: file.to_owned(), source })
}

fn print(text: &str) {
    // the figures are computed; a closed standard output is not a fault
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Rewrites one line on standard error if that is a terminal.
fn progress(done: usize, of: usize, file: &str) {
    use std::io::IsTerminal as _;
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        let end = if done == of { "\n" } else { "" };
        let _ = write!(out, "\r\x1b[K{done} of {of} {file}{end}");
    }
}
