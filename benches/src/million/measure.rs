//! Times commands, rounds and gauges.

use std::time::{Duration, Instant};

use tests::cluster::Cluster;

use super::report::Report;
use super::statements::{self, SlowStatements, Statement};
use super::template::Template;

/// Longest time of the four gauges together, on average: a single call may wait for the machine.
const GAUGES_MS: f64 = 100.0;
/// Duration of watching maintenance that has nothing to do.
const IDLE: Duration = Duration::from_secs(20);

/// What is measured, and where it goes.
pub struct Measurement<'a> {
    /// The filled cluster.
    pub cluster: &'a Cluster,
    /// What it is filled with.
    pub template: &'a Template,
    /// Figures.
    pub report: Report,
    /// Slow statements.
    pub slow: SlowStatements,
}

impl Measurement<'_> {
    /// Runs a step and takes the statements of it.
    pub fn step<T>(&mut self, name: &str, run: impl FnOnce() -> T) -> (T, Vec<Statement>) {
        statements::start(self.cluster);
        let result = run();
        let taken = statements::take(self.cluster);
        self.slow.add(name, &taken);
        (result, taken)
    }

    /// Times a command; its database time is that of all its statements.
    pub fn command(&mut self, name: &str, role: &str, arguments: &[&str]) {
        let cluster = self.cluster;
        let run = || {
            let started = Instant::now();
            let output = cluster.run(role, arguments);
            (started.elapsed(), output)
        };
        let ((wall, output), taken) = self.step(name, run);
        let database = statements::total_ms(&taken);
        let slowest = taken.first().map_or(0.0, |s| s.max_ms);
        let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        let measured = format!(
            "{:.0} ms, of it database {database:.0} ms, slowest statement {slowest:.1} ms, \
             {lines} lines",
            millis(wall)
        );
        if output.status.success() {
            self.report.note(name, measured);
        } else {
            super::report::progress(&String::from_utf8_lossy(&output.stderr));
            self.report.check(name, measured, "succeeds", false);
        }
    }

    /// Times every command that people type.
    pub fn commands(&mut self) {
        let id = |number: u32| format!("M-{number:08}");
        let letter = self.cluster.sql("SELECT md5('letter' || 77)");
        self.command("`status`", "operator", &["status"]);
        let list = ["dead", "list"];
        self.command("`dead list`, all", "operator", &list);
        let code = ["dead", "list", "--code", "EXAMINER_FAILED"];
        self.command("`dead list --code`, a third", "operator", &code);
        self.command("`dead list --code`, none", "operator", &["dead", "list", "--code", "NONE"]);
        let of_one = ["dead", "list", "--application", &id(7)];
        self.command("`dead list --application`", "operator", &of_one);
        self.command("`dead show ID`", "operator", &["dead", "show", &letter]);
        self.command("`dead show BEGINNING`", "operator", &["dead", "show", &letter[..14]]);
        self.command("`verdict ID`", "operator", &["verdict", &id(8)]);
        self.command("`recheck ID`", "operator", &["recheck", &id(9)]);
        self.command("`withdraw ID`", "operator", &["withdraw", &id(10), "--yes"]);
        self.command("`audit verify`", "operator", &["audit", "verify"]);
    }

    /// Times maintenance: what is past its retention period, then rounds without anything due.
    pub fn rounds(&mut self) {
        let once = ["maintain", "--once"];
        self.command("`maintain --once`, with old letters", "maintenance", &once);
        self.command("`maintain --once`, again", "maintenance", &once);
        let cluster = self.cluster;
        let watch = || {
            let _maintenance = cluster.maintenance("idle");
            std::thread::sleep(IDLE);
        };
        let ((), taken) = self.step("idle rounds", watch);
        let is_gauge = |s: &&Statement| s.text.starts_with("SELECT COUNT(*) AS count, MIN(");
        let gauges: Vec<&Statement> = taken.iter().filter(is_gauge).collect();
        let sum = |time: fn(&Statement) -> f64| gauges.iter().map(|s| time(s)).sum::<f64>();
        let (mean, most) = (sum(|s| s.mean_ms), sum(|s| s.max_ms));
        self.report.check(
            "gauges of one round, four statements",
            format!("{mean:.1} ms, at most {most:.1} ms"),
            "100 ms",
            gauges.len() == 4 && mean < GAUGES_MS,
        );
        let rounds = gauges.iter().map(|s| s.calls).min().unwrap_or(1).max(1) as f64;
        let all = statements::total_ms(&taken);
        let slowest = taken.first().map_or(0.0, |s| s.max_ms);
        self.report.note(
            "a round of maintenance with nothing due",
            format!("database {:.1} ms, slowest statement {slowest:.1} ms", all / rounds),
        );
    }
}

/// Milliseconds of a duration.
#[must_use]
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
