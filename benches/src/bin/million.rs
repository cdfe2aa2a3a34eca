//! A registry with a million applications: how long statements, commands and rounds take.
//!
//! ```text
//! make million APPLICATIONS=20000
//! ```
//! Fills a PostgreSQL server of its own, which it removes at the end. A million applications
//! take some 16 GB below the folder for temporary files.

use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use benches::million::fill::{Size, fill};
use benches::million::measure::Measurement;
use benches::million::report::{Report, progress};
use benches::million::statements::{SETTINGS, SlowStatements};
use benches::million::template;
use clap::Parser;
use tests::cluster::Cluster;

/// Fills a registry and times what is done with it.
#[derive(Parser)]
struct Arguments {
    /// Applications; each has five documents.
    #[arg(long, default_value_t = 1_000_000)]
    applications: u64,
}

fn main() -> ExitCode {
    let size = Size { applications: Arguments::parse().applications };
    let cluster = Cluster::start_with_settings(SETTINGS);
    let templates = template::make(&cluster);
    let started = Instant::now();
    fill(&cluster, &templates, size);
    let (report, slow) = (Report::default(), SlowStatements::default());
    let mut measured = Measurement { cluster: &cluster, template: &templates[0], report, slow };
    let bytes = cluster.sql("SELECT pg_size_pretty(pg_database_size(current_database()))");
    measured.report.note(
        &format!("{} applications", size.applications),
        format!("{bytes}, filled in {:.0} s", started.elapsed().as_secs_f64()),
    );
    progress(&cluster.sql(
        "SELECT string_agg(relname || ' ' || pg_size_pretty(pg_total_relation_size(oid)), ', ')
         FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    ));
    measured.rounds();
    measured.commands();
    measured.intake(&cluster.beside());
    measured.new_day(size);
    let (lines, is_met) = measured.slow.lines();
    measured.report.check(
        "statements that take over 50 ms on average",
        format!("{} over 50 ms at least once", lines.len()),
        "only listed ones",
        is_met,
    );
    let out = &mut std::io::stdout();
    let mut text = measured.report.table();
    text.push('\n');
    lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
    let log = cluster.postgres.log();
    let _ = std::fs::write(std::env::temp_dir().join("tekseru-million.log"), log);
    match write!(out, "{text}") {
        Ok(()) if measured.report.is_met() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
