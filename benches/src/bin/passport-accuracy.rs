//! The binary `passport-accuracy`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use benches::accuracy::documents::{self, Set};
use benches::accuracy::folder::{Options, Variants, score_folder};
use benches::accuracy::score::Score;
use benches::accuracy::{BenchError, drawn, memory, misread_pages, print, report, table};
use clap::{Parser, ValueEnum};

/// Scores the passport reader on pages whose content is known.
///
/// FOLDER contains pictures and a `truth.tsv` with the columns file, type (TD1,
/// TD2, TD3, MRV-A, MRV-B), line1, line2, line3 (`-` if there is none),
/// expiry (YYYY-MM-DD) and notes. Printed are, for all pages and by format: how
/// many have the expiry, the second line and the whole zone read exactly; how
/// many are sure of the expiry, of all pages and of those whose printed check
/// digits hold; how many sure ones are wrong, with the upper bound of the rate;
/// and milliseconds by stage.
///
/// Exit status: 0; 1 if something could not be read or written; 2 if a sure
/// value was wrong.
#[derive(Parser)]
#[command(name = "passport-accuracy", version, after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command")]
struct Arguments {
    /// Folder with pictures and `truth.tsv`.
    #[arg(required_unless_present_any = ["documents", "drawn", "memory", "memory_child"])]
    folder: Option<PathBuf>,
    /// Score N variants of each page as a phone would take it (any angle,
    /// perspective, uneven light, blur, noise, JPEG), instead of the page.
    /// Seeds come from file names: the same variants on every run.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "3")]
    hand_held: Option<usize>,
    /// The same as bad photographs: small pages at any angle, strong perspective, smears,
    /// glare on the zone, JPEG 25 to 60.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "3",
        conflicts_with = "hand_held")]
    hard: Option<usize>,
    /// Draw N pages (seeds 0 to N-1) and score them: all formats, mostly
    /// passports, four orientations, clean, scanned and hand-held.
    #[arg(long, value_name = "N", conflicts_with_all = ["folder", "hand_held", "hard"])]
    drawn: Option<usize>,
    /// With --drawn: damage the zones (absent, cut off or painted over). No field
    /// may be sure.
    #[arg(long, requires = "drawn")]
    damaged: bool,
    /// Draw and judge N documents that are no travel passports, N passports with every
    /// code, and N passports of which a field is covered or an end cut off. None of the
    /// first and last may pass as a passport.
    #[arg(long, value_name = "N", conflicts_with_all = ["folder", "drawn"])]
    documents: Option<usize>,
    /// Convert files whose type the pipeline refuses (BMP, GIF) to PNG before they
    /// are scored; --hand-held always does.
    #[arg(long)]
    convert: bool,
    /// Write the scored files and their truth.tsv to DIR.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Also list misread pages, with the differing characters marked.
    #[arg(long)]
    pages: bool,
    /// A table, JSON, or one row for each page.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    output: Form,
    /// The same as --output json.
    #[arg(long)]
    json: bool,
    /// Read the zone only, without the print above it.
    #[arg(long)]
    zone_only: bool,
    /// Also score the print above the zones by this table: file, issue (date as printed,
    /// YY-MM-DD or YYYY-MM-DD), absent and differs (names of fields that are not printed, or
    /// print another value than the zone). Drawn passports need no table.
    #[arg(long, value_name = "FILE", requires = "folder")]
    printed: Option<PathBuf>,
    /// Number of pages read in parallel. Use 1 to measure times.
    #[arg(long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// Only measure the peak memory of reading FILE in a separate process.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "drawn"])]
    memory: Option<PathBuf>,
    #[arg(long, hide = true)]
    memory_child: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  passport-accuracy pages                           accuracy and times, one thread
  passport-accuracy pages --hand-held --keep out    3 variants a page, kept for inspection
  passport-accuracy pages --pages                   which characters were misread
  passport-accuracy --drawn 10000 --zone-only       accuracy on drawn pages
  passport-accuracy --drawn 1000 --damaged          no field may be sure
  passport-accuracy --documents 1000                none but passports may pass
  passport-accuracy --memory photograph.jpg         peak memory of one file";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Json,
    Tsv,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            // there is no other place to report a closed standard error
            let _ = writeln!(std::io::stderr(), "passport-accuracy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether no sure value was wrong.
fn run(arguments: &Arguments) -> Result<bool, BenchError> {
    if let Some(file) = &arguments.memory_child {
        let peak = memory::measure_in_child(file)?;
        write_out(&format!("{} {}\n", peak.before, peak.after));
        return Ok(true);
    }
    if let Some(file) = &arguments.memory {
        let peak = memory::measure(file)?;
        let mib = |kib: u64| kib as f64 / 1024.0;
        write_out(&format!(
            "peak memory {:.1} MiB (process alone {:.1} MiB)\n",
            mib(peak.after),
            mib(peak.before)
        ));
        return Ok(true);
    }
    let options = Options {
        threads: arguments.threads,
        keep: arguments.keep.clone(),
        convert: arguments.convert,
        visual_zone: !arguments.zone_only,
        printed: arguments.printed.as_deref().map(print::read).transpose()?.unwrap_or_default(),
        progress,
    };
    if let Some(count) = arguments.documents {
        return judge_documents(arguments, count);
    }
    match (&arguments.folder, arguments.drawn) {
        (_, Some(count)) if arguments.damaged => score_damaged(arguments, count, &options),
        (_, Some(count)) => Ok(report_scores(arguments, &drawn::score_pages(count, &options)?)),
        (Some(path), None) => {
            let variants = arguments.hand_held.map(|count| Variants { count, hard: false });
            let hard = arguments.hard.map(|count| Variants { count, hard: true });
            Ok(report_scores(arguments, &score_folder(path, variants.or(hard), &options)?))
        }
        (None, None) => Ok(true),
    }
}

fn judge_documents(arguments: &Arguments, count: usize) -> Result<bool, BenchError> {
    let mut right = true;
    for set in [Set::Others, Set::Passports, Set::Hidden] {
        if let Some(keep) = &arguments.keep {
            documents::keep(set, count, keep)?;
        }
        let judged = documents::judge_documents(set, count, arguments.threads, progress)?;
        write_out(&format!("{}\n", documents::table(set, &judged)));
        if arguments.pages {
            write_out(&format!("{}\n", documents::list(set, &judged)));
        }
        right &= documents::is_right(set, &judged);
    }
    Ok(right)
}

fn score_damaged(
    arguments: &Arguments,
    count: usize,
    options: &Options,
) -> Result<bool, BenchError> {
    let scores = drawn::score_damaged_pages(count, options)?;
    if arguments.json {
        write_out(&format!("{}\n", drawn::json(&scores)));
    } else {
        write_out(&drawn::table(&scores));
    }
    if arguments.pages && !arguments.json {
        write_out(&format!("\n{}", drawn::list_sure_pages(&scores)));
    }
    Ok(scores.iter().all(|score| score.sure.is_empty()))
}

fn report_scores(arguments: &Arguments, scores: &[Score]) -> bool {
    let form = if arguments.json { Form::Json } else { arguments.output };
    match form {
        Form::Json => write_out(&format!("{}\n", report::json(scores))),
        Form::Tsv => write_out(&report::tsv(scores)),
        Form::Table => {
            let peak = memory::peak_kib() as f64 / 1024.0;
            write_out(&format!(
                "{}\npeak memory of this process: {peak:.0} MiB\n",
                table::table(scores)
            ));
        }
    }
    if arguments.pages && form == Form::Table {
        write_out(&misread_pages::list_misread_pages(scores));
    }
    scores.iter().all(|score| !score.wrong)
}

fn write_out(text: &str) {
    // the scores are computed; a closed standard output is not a fault
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Rewrites one line on standard error if that is a terminal, else prints a line
/// for every thousandth page.
fn progress(done: usize, of: usize) {
    use std::io::IsTerminal as _;
    let mut out = std::io::stderr().lock();
    let last = done == of;
    if out.is_terminal() && (last || done.is_multiple_of(10)) {
        let _ = write!(out, "\r{done} of {of}{}", if last { "\n" } else { "" });
    } else if !out.is_terminal() && done.is_multiple_of(1000) {
        let _ = writeln!(out, "{done} of {of}");
    }
}
