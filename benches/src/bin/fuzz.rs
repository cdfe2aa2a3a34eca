//! The binary `fuzz`.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use benches::fuzz::{Tally, fuzz, lines, page};
use clap::{Parser, ValueEnum};

/// Feeds arbitrary and mutated input to the finder and reader, or to the
/// decoder, and tells of panics and of the slowest input.
///
/// Exit status: 0, or 1 after a panic or an input that took over 2 seconds.
/// Every input comes from its seed: `--first SEED --most 1` repeats one.
#[derive(Parser)]
#[command(name = "fuzz", version)]
struct Arguments {
    /// What is fed.
    #[arg(value_enum)]
    what: What,
    /// How long, in seconds.
    #[arg(long, default_value_t = 600, value_name = "S")]
    seconds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    first: u64,
    /// Stop after so many inputs.
    #[arg(long, default_value_t = u64::MAX, value_name = "N")]
    most: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Pictures, to the finder and reader of zones.
    Pages,
    /// Text, to the decoder of zones.
    Lines,
}

/// No input may take longer.
const LIMIT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let time = Duration::from_secs(arguments.seconds);
    let one = match arguments.what {
        What::Pages => page,
        What::Lines => lines,
    };
    let tally = fuzz(arguments.first, arguments.most, time, one);
    // nothing is left to tell if standard output is gone
    let _ = std::io::stdout().write_all(told(&tally).as_bytes());
    if tally.panics.is_empty() && tally.slowest <= LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn told(tally: &Tally) -> String {
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
