//! The time of each statement, by the server's own statistics, and the plans of slow ones.

use std::collections::BTreeMap;

use tests::cluster::Cluster;

/// A statement that takes longer is slow.
pub const SLOW_MS: f64 = 50.0;

/// Settings of the server that the measurement needs; the rest is as Debian sets it, but for
/// `shared_buffers`, which fits the machine.
pub const SETTINGS: &str = "-c shared_preload_libraries=pg_stat_statements,auto_explain \
    -c shared_buffers=2GB -c max_wal_size=1GB -c maintenance_work_mem=256MB -c autovacuum=on \
    -c default_toast_compression=lz4 -c pg_stat_statements.track_utility=off \
    -c auto_explain.log_min_duration=-1";

/// Slow statements that stay, and why: each begins so.
const LISTED: [(&str, &str); 2] = [
    ("SELECT state AS name, COUNT(*) AS count FROM applications", "`tekseru status`, when asked"),
    ("SELECT examination_state AS name, COUNT(*) AS count", "`tekseru status`, when asked"),
];

/// One statement, in all calls since the last reset.
pub struct Statement {
    /// Its text, on one line.
    pub text: String,
    /// Calls.
    pub calls: u64,
    /// Mean time.
    pub mean_ms: f64,
    /// Longest time.
    pub max_ms: f64,
}

/// Returns the time of all calls together.
#[must_use]
pub fn total_ms(statements: &[Statement]) -> f64 {
    statements.iter().map(|statement| statement.mean_ms * statement.calls as f64).sum()
}

/// Starts to count: what was measured before is forgotten.
///
/// # Panics
/// When the server has no `pg_stat_statements`.
pub fn start(cluster: &Cluster) {
    let _ = cluster.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    let _ = cluster.sql(&format!("ALTER SYSTEM SET auto_explain.log_min_duration = {SLOW_MS}"));
    let _ = cluster.sql("SELECT pg_reload_conf(), pg_stat_statements_reset()");
}

/// Returns the statements of the program since the last call, slowest first.
///
/// # Panics
/// When the database fails.
#[must_use]
pub fn take(cluster: &Cluster) -> Vec<Statement> {
    let rows = cluster.sql(
        "SELECT calls, mean_exec_time, max_exec_time, regexp_replace(query, '\\s+', ' ', 'g')
         FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
         WHERE d.datname = current_database() AND query NOT LIKE '%pg_stat_statements%'
           AND query NOT LIKE '%by million%'
         ORDER BY max_exec_time DESC",
    );
    let _ = cluster.sql("SELECT pg_stat_statements_reset()");
    rows.lines().filter_map(read).collect()
}

fn read(line: &str) -> Option<Statement> {
    let mut fields = line.splitn(4, '|');
    let calls = fields.next()?.parse().ok()?;
    let mean_ms = fields.next()?.parse().ok()?;
    let max_ms = fields.next()?.parse().ok()?;
    Some(Statement { calls, mean_ms, max_ms, text: fields.next()?.trim().to_owned() })
}

/// Slow statements of the whole run, by their text.
#[derive(Default)]
pub struct SlowStatements(BTreeMap<String, Slow>);

struct Slow {
    steps: Vec<String>,
    calls: u64,
    mean_ms: f64,
    max_ms: f64,
}

impl SlowStatements {
    /// Adds what was measured in one step.
    pub fn add(&mut self, step: &str, statements: &[Statement]) {
        for statement in statements.iter().filter(|statement| statement.max_ms > SLOW_MS) {
            let slow = self.0.entry(statement.text.clone()).or_insert_with(|| Slow {
                steps: Vec::new(),
                calls: 0,
                mean_ms: 0.0,
                max_ms: 0.0,
            });
            slow.steps.push(step.to_owned());
            slow.calls += statement.calls;
            slow.mean_ms = slow.mean_ms.max(statement.mean_ms);
            slow.max_ms = slow.max_ms.max(statement.max_ms);
        }
    }

    /// Returns a line for each, and whether only listed ones are slow on average. A single
    /// call may wait for the machine.
    #[must_use]
    pub fn lines(&self) -> (Vec<String>, bool) {
        let reason = |text: &str| LISTED.iter().find(|(begin, _)| text.starts_with(begin));
        let is_met =
            |(text, slow): (&String, &Slow)| slow.mean_ms <= SLOW_MS || reason(text).is_some();
        let line = |(text, slow): (&String, &Slow)| {
            let begin: String = text.chars().take(150).collect();
            let why = reason(text).map(|(_, why)| format!(" ({why})")).unwrap_or_default();
            format!(
                "{:.0} ms at most, {:.1} on average, {} calls, {}{why}: `{begin}`",
                slow.max_ms,
                slow.mean_ms,
                slow.calls,
                slow.steps.join(", ")
            )
        };
        (self.0.iter().map(line).collect(), self.0.iter().all(is_met))
    }
}
