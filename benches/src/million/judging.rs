//! Intake beside an empty registry, and a new day: its speed, and what it delays.

use std::thread::sleep;
use std::time::{Duration, Instant};

use tests::cluster::Cluster;

use super::fill::{Size, instant};
use super::measure::{Measurement, millis};
use super::statements::total_ms;
use super::template::Template;
use crate::cluster::{Kind, Upload};

/// Documents of one measurement of intake.
const DOCUMENTS: usize = 60;
/// Intake may take so much longer than on an empty registry.
const INTAKE: f64 = 1.2;
/// Longest time in which a new day is judged, for a million applications.
const DAY: Duration = Duration::from_secs(30 * 60);
/// Longest time of measuring the new day.
const WATCHED: Duration = Duration::from_secs(90);
/// Folders whose deletion is requested while the day is judged.
const FOLDERS: usize = 20;
/// Longest time until they are deleted.
const TURN: Duration = Duration::from_secs(30);

impl Measurement<'_> {
    /// Compares documents sent one by one, to the filled registry and to an empty one in turn.
    pub fn intake(&mut self, empty: &Cluster) {
        let filled = self.cluster;
        let run = || {
            let _workers = (filled.worker("filled"), empty.worker("empty"));
            let (mut many, mut none) = (Vec::new(), Vec::new());
            for (i, upload) in Kind::Text.uploads(DOCUMENTS).iter().enumerate() {
                many.push(upload.time(filled, Kind::Text.routing_key(), &format!("INTAKE-{i}")));
                none.push(upload.time(empty, Kind::Text.routing_key(), &format!("INTAKE-{i}")));
            }
            (median(&mut many), median(&mut none))
        };
        let ((many, none), taken) = self.step("intake", run);
        let database = total_ms(&taken);
        let ratio = many.as_secs_f64() / none.as_secs_f64();
        self.report.check(
            "intake of a document, filled against empty",
            format!(
                "median {:.1} and {:.1} ms, {ratio:.2} times; database {:.1} ms a document",
                millis(many),
                millis(none),
                database / DOCUMENTS as f64
            ),
            "1.2 times",
            ratio < INTAKE,
        );
    }

    /// Makes many applications due, and measures how fast they are judged, what intake takes
    /// meanwhile, and when deletions have their turn.
    pub fn new_day(&mut self, size: Size) {
        let cluster = self.cluster;
        let due = size.full() - 100;
        let Template { prefix, today, .. } = self.template;
        let _ = cluster.sql(&format!(
            "UPDATE applications SET next_judge_on = '{today}' WHERE state = 'submitted'
             AND application_id BETWEEN '{prefix}M-00000100' AND '{prefix}M-{:08}'",
            100 + due - 1
        ));
        let _ = cluster.sql("VACUUM ANALYZE applications");
        let left = || -> u64 {
            let count = format!(
                "/* by million */ SELECT count(*) FROM applications WHERE next_judge_on <= '{today}'"
            );
            cluster.sql(&count).parse().expect("a number")
        };
        let revisions = || -> u64 {
            cluster
                .sql("/* by million */ SELECT count(*) FROM revisions")
                .parse()
                .expect("a number")
        };
        let before = revisions();
        let documents = Kind::Text.uploads(2 * DOCUMENTS);
        let (quiet_documents, beside_documents) = documents.split_at(DOCUMENTS);
        let run = || {
            let _worker = cluster.worker("day");
            let send = |name: &str, uploads: &[Upload]| {
                let send = |(i, upload): (usize, &Upload)| {
                    upload.time(cluster, Kind::Text.routing_key(), &format!("{name}-{i}"))
                };
                let mut times: Vec<Duration> = uploads.iter().enumerate().map(send).collect();
                median(&mut times)
            };
            let quiet = send("QUIET", quiet_documents);
            let first = left();
            let started = Instant::now();
            let maintenance = cluster.maintenance("day");
            let turn = time_of_deletions(cluster);
            let beside = send("BESIDE", beside_documents);
            while left() > 0 && started.elapsed() < WATCHED {
                sleep(Duration::from_secs(1));
            }
            let rate = (first - left()) as f64 / started.elapsed().as_secs_f64();
            drop(maintenance);
            (rate, quiet, beside, turn)
        };
        let ((rate, quiet, beside, turn), taken) = self.step("new day", run);
        for s in taken.iter().filter(|s| s.calls > 500) {
            super::report::progress(&format!("{} x {:.2} ms: {:.110}", s.calls, s.mean_ms, s.text));
        }
        let day = Duration::from_secs_f64(1_000_000.0 / rate.max(0.001));
        self.report.check(
            "a new day, all applications due",
            format!("{rate:.0} applications a second: {:.0} minutes a million", millis(day) / 6e4),
            "30 minutes",
            day < DAY,
        );
        self.report.note(
            "revisions that the day added (none was expected but of documents sent)",
            format!("{}", revisions() - before),
        );
        let ratio = beside.as_secs_f64() / quiet.as_secs_f64();
        self.report.check(
            "intake while the day is judged",
            format!(
                "median {:.1} ms, {:.1} without; {ratio:.2} times",
                millis(beside),
                millis(quiet)
            ),
            "1.2 times",
            ratio < INTAKE,
        );
        self.report.check(
            &format!("{FOLDERS} deletions while the day is judged"),
            format!("after {:.1} s", turn.as_secs_f64()),
            "30 s",
            turn < TURN,
        );
    }
}

/// Requests deletions and waits until each folder was emptied once.
fn time_of_deletions(cluster: &Cluster) -> Duration {
    let at = instant("now() - interval '5 minutes'");
    let _ = cluster.sql(&format!(
        "INSERT INTO deletions (folder, requested_at)
         SELECT 'applications/portal/TURN-' || i || '/', {at} FROM generate_series(1, {FOLDERS}) AS g(i)"
    ));
    let started = Instant::now();
    let left = "/* by million */ SELECT count(*) FROM deletions
        WHERE folder LIKE 'applications/portal/TURN-%' AND passes = 0";
    while cluster.sql(left) != "0" && started.elapsed() < 4 * TURN {
        sleep(Duration::from_millis(100));
    }
    started.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
