//! The binary `fuzz`.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use benches::fuzz::{Tally, fuzz, lines, page};
use clap::{Parser, ValueEnum};

/// Feeds arbitrary and mutated input to the finder and reader, or to the
/// decoder, and reports panics and the slowest input.
///
/// Exit status: 0, or 1 after a panic or an input that took over 2 seconds.
/// Every input comes from its seed: `--first SEED --most 1` repeats one.
#[derive(Parser)]
#[command(name = "fuzz", version)]
struct Arguments {
    /// Kind of input.
    #[arg(value_enum)]
    what: Input,
    /// Duration in seconds.
    #[arg(long, default_value_t = 600, value_name = "S")]
    seconds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    first: u64,
    /// Stop after this many inputs.
    #[arg(long, default_value_t = u64::MAX, value_name = "N")]
    most: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Input {
    /// Pictures, to the finder and reader of zones.
    Pages,
    /// Text, to the decoder of zones.
    Lines,
}

/// The longest duration that one input may take.
const LIMIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let time = Duration::from_secs(arguments.seconds);
    let one = match arguments.what {
        Input::Pages => page,
        Input::Lines => lines,
    };
    let tally = fuzz(arguments.first, arguments.most, time, one);
    // there is no other place to report a closed standard output
    let _ = std::io::stdout().write_all(summary(&tally).as_bytes());
    if tally.panics.is_empty() && tally.slowest <= LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn summary(tally: &Tally) -> String {
    format!(
        "{} inputs, something read of {}, {} panics {:?}, slowest {:.0} ms (seed {})\n",
        tally.tried,
        tally.read,
        tally.panics.len(),
        tally.panics,
        tally.slowest.as_secs_f64() * 1000.0,
        tally.slowest_seed,
    )
}
