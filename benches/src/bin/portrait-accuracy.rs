//! The binary `portrait-accuracy`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use benches::accuracy::{BenchError, memory};
use benches::portraits::{consistency, look, score, table, truth::Truth};
use clap::Parser;
use pipeline::status::Status;
use serde_json::json;

/// Scores how portraits are measured, on pictures whose content is known.
///
/// FOLDER holds pictures and a `truth.tsv` whose columns go by their names:
/// file, n_faces, eye_img_left_x, eye_img_left_y, eye_img_right_x,
/// eye_img_right_y, crown_y_incl_hair, chin_y, eyes_open, glasses,
/// mouth_closed, greyscale, background_plain, class. Cells may be empty.
/// Printed are the figures with their bars, how steady the measures are when
/// the same portrait is cropped, turned, blurred and compressed anew, and what
/// a verdict would say of pictures of the class `accepted`.
///
/// Exit status: 0, or 1 where something could not be read, or 2 where a bar is
/// missed.
#[derive(Parser)]
#[command(name = "portrait-accuracy", version, after_help = EXAMPLES)]
struct Arguments {
    /// Folder with pictures and `truth.tsv`.
    #[arg(required_unless_present_any = ["memory", "memory_child"])]
    folder: Option<PathBuf>,
    /// Also list each picture with its errors, and the variants that are off.
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
    /// Look at each picture N times and take the shortest time.
    #[arg(long, value_name = "N", default_value_t = 1)]
    repeat: usize,
    /// Peak memory of measuring FILE in a process of its own, and nothing else.
    #[arg(long, value_name = "FILE", conflicts_with = "folder")]
    memory: Option<PathBuf>,
    #[arg(long, hide = true)]
    memory_child: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  portrait-accuracy portraits                   figures and bars
  portrait-accuracy portraits --pages           which pictures are wrong, and by how much
  portrait-accuracy portraits --repeat 5 --no-variants    times, less disturbed
  portrait-accuracy --memory photograph.jpg     peak memory of one file";

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            // nothing is left to tell if standard error is gone too
            let _ = writeln!(std::io::stderr(), "portrait-accuracy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every bar that could be told is met.
fn run(arguments: &Arguments) -> Result<bool, BenchError> {
    if let Some(file) = &arguments.memory_child {
        let before = memory::peak_kib();
        std::hint::black_box(look::look(&read(file)?).portrait.is_some());
        say(&format!("{before} {}\n", memory::peak_kib()));
        return Ok(true);
    }
    if let Some(file) = &arguments.memory {
        let peak = memory::measure(file)?;
        say(&format!("peak memory {:.1} MiB\n", peak.after as f64 / 1024.0));
        return Ok(true);
    }
    let Some(folder) = &arguments.folder else { return Ok(true) };
    let (mut scores, mut drifts, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    let truths = Truth::read(folder)?;
    for (done, truth) in truths.iter().enumerate() {
        progress(done, truths.len(), &truth.file);
        let bytes = read(&folder.join(&truth.file))?;
        let mut first = look::look(&bytes);
        for _ in 1..arguments.repeat {
            let again = look::look(&bytes);
            first.open_ms = first.open_ms.min(again.open_ms);
            first.measure_ms = first.measure_ms.min(again.measure_ms);
        }
        let mut scored = score::score(truth, first.portrait.as_ref());
        scored.ms = (first.open_ms, first.measure_ms);
        if arguments.pages && !arguments.json {
            say(&line(&scored));
        }
        scores.push(scored);
        if truth.accepted() || arguments.judge_all && truth.number("n_faces") == Some(1.0) {
            verdicts.push((truth.file.clone(), look::verdict(&bytes)));
        }
        let plain = truth.flag("background_plain") == Some(true);
        if let Some(portrait) = first.portrait.filter(|_| plain && !arguments.no_variants)
            && let Ok(picture) = image::load_from_memory(&bytes)
        {
            drifts.extend(consistency::drifts(&truth.file, &picture.to_rgb8(), &portrait));
        }
    }
    progress(truths.len(), truths.len(), "");
    Ok(tell(arguments, &scores, &drifts, &verdicts))
}

type Verdicts = [(String, Option<(Status, Vec<&'static str>)>)];

fn tell(
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
        say(&format!("{all}\n"));
    } else {
        if arguments.pages {
            let far = |d: &&consistency::Drift| {
                d.head_mm.is_none_or(|v| v > 1.0)
                    || d.roll_deg.is_none_or(|v| v > 1.0)
                    || d.centre.is_none_or(|v| v > 0.01)
                    || !d.colour
            };
            for drift in drifts.iter().filter(far) {
                say(&format!("{drift:?}\n"));
            }
        }
        say(&table::text("Accuracy", &accuracy));
        if !drifts.is_empty() {
            say(&table::text(&format!("\nSteadiness, {} variants", drifts.len()), &steady));
        }
        if !verdicts.is_empty() {
            say(&judged(verdicts));
        }
    }
    accuracy.iter().chain(&steady).all(|figure| figure.met != Some(false))
}

fn judged(verdicts: &Verdicts) -> String {
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

/// One picture for people.
fn line(score: &score::Score) -> String {
    let eyes = score.eyes.map_or_else(String::new, |e| format!(" eyes {:.3} {:.3}", e[0], e[1]));
    let ends = |name: &str, off: Option<f64>| {
        off.map_or_else(String::new, |off| format!(" {name} {off:.3}"))
    };
    let told = [
        ("grey", score.grey),
        ("closed", score.closed),
        ("glasses", score.glasses),
        ("mouth open", score.mouth_open),
    ];
    let wrong: String = told
        .iter()
        .filter_map(|(name, pair)| {
            pair.filter(|(told, truth)| told != truth)
                .map(|(told, _)| format!(" {name}: wrongly {told}"))
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

fn say(text: &str) {
    // the figures are made; it is no fault if nobody listens
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// One line on standard error, rewritten, where that is a terminal.
fn progress(done: usize, of: usize, file: &str) {
    use std::io::IsTerminal as _;
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        let end = if done == of { "\n" } else { "" };
        let _ = write!(out, "\r\x1b[K{done} of {of} {file}{end}");
    }
}
