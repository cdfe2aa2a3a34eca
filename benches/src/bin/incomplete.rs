//! What one application of several documents costs in revisions, messages and writes to the
//! store, when incomplete verdicts are told at once, and when they wait.
//!
//! ```text
//! cargo build --release --workspace --bins
//! TEKSERU_BINARY=target/release/tekseru target/release/incomplete
//! ```

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::cluster::Cluster;

const APPLICATIONS: usize = 12;

fn main() -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    for interval in ["0", "3"] {
        let cost = measure(interval);
        writeln!(
            out,
            "interval {interval} s, each of {APPLICATIONS} applications: {:.1} documents, \
             {:.1} revisions, {:.1} events, {:.1} objects written, {:.1} read; \
             submission to complete verdict: median {} ms",
            cost.documents,
            cost.revisions,
            cost.events,
            cost.written,
            cost.read,
            cost.median.as_millis()
        )?;
    }
    Ok(())
}

struct Cost {
    documents: f64,
    revisions: f64,
    events: f64,
    written: f64,
    read: f64,
    median: Duration,
}

fn measure(interval: &str) -> Cost {
    let cluster = Cluster::start();
    let settings = [("TEKSERU_INCOMPLETE_INTERVAL", interval)];
    let _worker = cluster.worker_with("w", &[], &settings);
    submit(&cluster, "WARM");
    let before = counts(&cluster);
    let mut waits: Vec<Duration> =
        (0..APPLICATIONS).map(|i| submit(&cluster, &format!("A-{i}"))).collect();
    waits.sort();
    let after = counts(&cluster);
    let each = |i: usize| (after[i] - before[i]) as f64 / APPLICATIONS as f64;
    Cost {
        documents: each(0),
        revisions: each(1),
        events: each(2),
        written: each(3),
        read: each(4),
        median: waits[APPLICATIONS / 2],
    }
}

/// Submits an application of its own bytes, and returns the time to its complete verdict.
fn submit(cluster: &Cluster, id: &str) -> Duration {
    let folder = cluster.scratch(id);
    fixtures::applications::write_good(&folder).expect("the folder can be written");
    let file = folder.join("application.json");
    let text = fs::read(&file).expect("it was written");
    let mut application: Value = serde_json::from_slice(&text).expect("it is JSON");
    application["application_id"] = id.into();
    fs::write(&file, application.to_string()).expect("it can be written");
    cluster.submit(&folder);
    let start = Instant::now();
    cluster.await_complete(id);
    let wait = start.elapsed();
    cluster.await_empty();
    wait
}

/// Documents, revisions, events, and objects written and read.
fn counts(cluster: &Cluster) -> [u64; 5] {
    let count = |table: &str| {
        let number = cluster.sql(&format!("SELECT count(*) FROM {table}"));
        number.parse().expect("a number")
    };
    let requests = cluster.faults().requests();
    let of = |operation: &str| {
        let ours = |path: &str| !path.starts_with("/uploads");
        requests.iter().filter(|r| r.operation == operation && ours(&r.path)).count() as u64
    };
    [count("documents"), count("revisions"), count("events"), of("PutObject"), of("GetObject")]
}
