//! The binary `vector-paths`.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use benches::accuracy::BenchError;
use benches::paths::{Difference, differences, draw_application, judge_folder};
use clap::Parser;
use pipeline::engines::vector::PATHS_OFF;
use serde_json::Value;

/// Judges drawn applications twice, in two processes: as this processor does it, and
/// without vector paths. Both must give the same examinations, pictures and bodies.
///
/// Exit status: 0 if all are equal; 1 if something failed; 2 if one differs.
#[derive(Parser)]
#[command(name = "vector-paths", version, after_help = EXAMPLES)]
struct Arguments {
    /// Number of applications.
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// Seed of the first; the next have the next seeds.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the drawn applications here, and use those that are here.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Run the second process under `qemu-x86_64` as this processor; ten to forty times slower.
    #[arg(long, value_name = "CPU")]
    emulate: Option<String>,
    #[arg(long, hide = true)]
    judge: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  vector-paths --count 20                        a first impression
  vector-paths --keep drawn                      1,000 applications, drawn once
  vector-paths --count 5 --emulate Nehalem       no AVX at all, in any library
  vector-paths --count 5 --emulate Haswell       AVX2 and FMA, no AVX-512";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.judge {
        Some(folder) => judge(folder, &arguments).map(|()| true),
        None => compare(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(error) => {
            // there is no other place to report a closed standard error
            let _ = writeln!(std::io::stderr(), "vector-paths: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints one line of JSON for each application.
fn judge(folder: &Path, arguments: &Arguments) -> Result<(), BenchError> {
    let mut seen = HashMap::new();
    for seed in seeds(arguments) {
        let judged = judge_folder(&folder.join(seed.to_string()), &mut seen)?;
        print(&format!("{judged}\n"));
    }
    Ok(())
}

fn seeds(arguments: &Arguments) -> std::ops::Range<u64> {
    arguments.seed..arguments.seed + arguments.count
}

/// Returns whether all are equal.
fn compare(arguments: &Arguments) -> Result<bool, BenchError> {
    let temporary = tempfile::tempdir().map_err(|error| failed(Path::new("/tmp"), error))?;
    let folder = arguments.keep.as_deref().unwrap_or(temporary.path());
    for seed in seeds(arguments) {
        let drawn = folder.join(seed.to_string());
        if !drawn.join("application.json").exists() {
            draw_application(&drawn, seed)?;
        }
        progress("drawn", seed - arguments.seed + 1, arguments.count);
    }
    let mut with = start(folder, arguments, false)?;
    let mut without = start(folder, arguments, true)?;
    let mut lines = [&mut with, &mut without]
        .map(|child| child.stdout.take().map(|output| BufReader::new(output).lines()));
    let (mut equal, mut places) = (0, BTreeMap::<String, (u64, f64)>::new());
    for seed in seeds(arguments) {
        let [one, other] = lines.each_mut().map(|lines| lines.as_mut()?.next()?.ok());
        let (Some(one), Some(other)) = (one, other) else {
            return Err(failed(folder, std::io::Error::other("a process ended early")));
        };
        if one == other {
            equal += 1;
        } else {
            for Difference { pointer, by } in differences(&parse(&one), &parse(&other)) {
                let place = places.entry(pointer).or_default();
                *place = (place.0 + 1, place.1.max(by.unwrap_or(0.0)));
            }
        }
        progress("judged twice", seed - arguments.seed + 1, arguments.count);
    }
    let ended = [with.wait(), without.wait()];
    let whole = ended.iter().all(|status| status.as_ref().is_ok_and(|status| status.success()));
    print(&format!("{equal} of {} applications equal\n", arguments.count));
    for (pointer, (times, most)) in &places {
        print(&format!("  {pointer}: {times} times, by {most} at most\n"));
    }
    Ok(whole && equal == arguments.count)
}

fn start(folder: &Path, arguments: &Arguments, without: bool) -> Result<Child, BenchError> {
    let program = std::env::current_exe().map_err(|error| failed(folder, error))?;
    let mut command = match &arguments.emulate {
        Some(cpu) if without => {
            let mut command = Command::new("qemu-x86_64");
            command.args(["-cpu", cpu]).arg(program);
            command
        }
        _ => {
            let mut command = Command::new(program);
            command.envs(PATHS_OFF.iter().copied().filter(|_| without));
            command
        }
    };
    let numbers = [("--count", arguments.count), ("--seed", arguments.seed)];
    command.arg("--judge").arg(folder);
    command
        .args(numbers.iter().flat_map(|(name, number)| [(*name).to_owned(), number.to_string()]));
    command.stdout(Stdio::piped()).spawn().map_err(|error| failed(folder, error))
}

fn parse(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_default()
}

fn failed(path: &Path, error: std::io::Error) -> BenchError {
    BenchError::File { path: path.to_owned(), source: error }
}

fn progress(what: &str, done: u64, count: u64) {
    // a closed standard error is no reason to stop
    let _ = write!(std::io::stderr(), "\r{what}: {done} of {count}");
    if done == count {
        let _ = writeln!(std::io::stderr());
    }
}

fn print(text: &str) {
    // a reader that closes the pipe needs no more output
    let _ = std::io::stdout().write_all(text.as_bytes());
}
