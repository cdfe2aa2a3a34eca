//! The latency of portraits beside files that use all the time that they get, against that
//! without them: the median must not double.
//!
//! ```text
//! cargo build --release --workspace --bins
//! TEKSERU_BINARY=target/release/tekseru target/release/neighbours
//! ```

use std::io::Write;
use std::time::Duration;

use benches::cluster::{Kind, Upload};
use tests::cluster::{Cluster, Process};

/// Portraits that are measured, one after another.
const PORTRAITS: usize = 40;
/// Files that are always there beside them.
const HOSTILE: usize = 4;
/// Processor time of each attempt at a hostile file.
const SECONDS: &str = "10";

fn main() -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    let quiet = measure("quiet", 0);
    let beside = measure("beside", HOSTILE);
    writeln!(
        out,
        "publish to attached verdict, one portrait of {PORTRAITS}: median {} ms, 95 % {} ms; \
         beside {HOSTILE} hostile files: median {} ms, 95 % {} ms; median {:.2} times",
        quiet.median.as_millis(),
        quiet.most.as_millis(),
        beside.median.as_millis(),
        beside.most.as_millis(),
        beside.median.as_secs_f64() / quiet.median.as_secs_f64()
    )
}

struct Latency {
    median: Duration,
    /// Of 95 in 100.
    most: Duration,
}

fn measure(name: &str, hostile: usize) -> Latency {
    let cluster = Cluster::start();
    let slots = ["--lane-slots", "paper=4", "--lane-slots", "portrait=2", "--seconds", SECONDS];
    let worker = cluster.worker_with(name, &slots, &[]);
    let mut published = 0;
    let mut waits: Vec<Duration> = Vec::new();
    for (i, upload) in Kind::Portrait.uploads(PORTRAITS).iter().enumerate() {
        top_up(&cluster, &worker, hostile, &mut published);
        waits.push(upload.time(&cluster, Kind::Portrait.routing_key(), &format!("{name}-{i}")));
    }
    waits.sort();
    Latency { median: waits[PORTRAITS / 2], most: waits[PORTRAITS * 95 / 100] }
}

/// Publishes files so that so many are not examined yet, and waits until one is opened.
fn top_up(cluster: &Cluster, worker: &Process, hostile: usize, published: &mut usize) {
    let ended = "SELECT count(*) FROM examinations WHERE body LIKE '%FILE_EXHAUSTS_TIME%'";
    while hostile > 0
        && *published < hostile + cluster.sql(ended).parse::<usize>().unwrap_or_default()
    {
        *published += 1;
        let bytes = fixtures::hostile::slow_to_draw(*published);
        let upload = Upload { kind: pipeline::kind::Kind::Portfolio, bytes };
        upload.send(cluster, "paper.submitted", &format!("HOSTILE-{published}"));
    }
    while hostile > 0 && worker.computing_grandchildren().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
}
