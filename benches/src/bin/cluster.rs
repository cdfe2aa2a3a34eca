//! The costs of a cluster besides examining: CPU time for each document,
//! throughput of one and two workers, time from publishing to verdict, and an
//! idle worker.
//!
//! ```text
//! cargo build --release --workspace --bins
//! TEKSERU_BINARY=target/release/tekseru target/release/cluster
//! ```
//! Broker, database and store run on the same machine and share its cores.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use benches::cluster::{Kind, Upload, cpu_of_examining, cpu_of_process, pss};
use serde_json::json;
use tests::cluster::{Cluster, Process};

/// Documents of each kind whose CPU time is measured.
const COUNTED: usize = 40;
/// Portraits in the full queue.
const QUEUED: usize = 120;
/// Portraits that are sent one by one.
const ALONE: usize = 40;
/// Duration of measuring an idle worker.
const IDLE: Duration = Duration::from_secs(20);

fn main() {
    let out = &mut std::io::stdout();
    let _ = measure_idle(out)
        .and_then(|()| measure_costs(out))
        .and_then(|()| measure_latency(out))
        .and_then(|()| measure_throughput(out));
}

fn measure_idle(out: &mut impl Write) -> std::io::Result<()> {
    let cluster = Cluster::start();
    let worker = cluster.worker("idle");
    let zygote = worker.children();
    sleep(Duration::from_secs(5));
    let before = cpu_of_tree(&worker);
    sleep(IDLE);
    let used = (cpu_of_tree(&worker) - before).as_secs_f64() / IDLE.as_secs_f64();
    let own = pss(worker.id());
    let warm: u64 = zygote.iter().map(|process| pss(*process)).sum();
    writeln!(
        out,
        "idle: {own} MiB worker, {warm} MiB zygote (PSS), {:.2} % of a core",
        used * 100.0
    )
}

/// Returns the CPU time of worker, zygote and every child that has ended.
fn cpu_of_tree(worker: &Process) -> Duration {
    let zygotes = worker.children();
    cpu_of_process(worker.id())
        + zygotes.iter().map(|process| cpu_of_process(*process)).sum::<Duration>()
}

fn measure_costs(out: &mut impl Write) -> std::io::Result<()> {
    let cluster = Cluster::start();
    let worker = cluster.worker("costs");
    writeln!(
        out,
        "| kind | bare ms | child ms | worker ms | more ms | requests to the store |\n|---|---|---|---|---|---|"
    )?;
    for kind in Kind::ALL {
        // the first documents of each kind warm the caches
        send(&cluster, kind, "warm", &kind.uploads(2));
        let uploads = kind.uploads(COUNTED);
        let first = cpu_of_examining(&uploads);
        let before = (cpu_of_tree(&worker), cpu_of_process(worker.id()));
        let requests = cluster.faults().requests().len();
        send(&cluster, kind, "cost", &uploads);
        sleep(Duration::from_millis(300));
        let each = |used: Duration| used.as_secs_f64() * 1000.0 / COUNTED as f64;
        let own = each(cpu_of_process(worker.id()) - before.1);
        let child = each(cpu_of_tree(&worker) - before.0) - own;
        // measured before and after, as the load of the machine changes
        let bare = each((first + cpu_of_examining(&uploads)) / 2);
        let more = own + child - bare;
        let requests = (cluster.faults().requests().len() - requests) as f64 / COUNTED as f64;
        let kind = kind.label();
        writeln!(
            out,
            "| {kind} | {bare:.1} | {child:.1} | {own:.1} | {more:.1} | {requests:.1} |"
        )?;
    }
    Ok(())
}

/// Enqueues documents, each of another application, and waits for their verdicts.
fn send(cluster: &Cluster, kind: Kind, name: &str, uploads: &[Upload]) {
    enqueue(cluster, kind, name, uploads);
    await_verdicts(cluster, &prefix(kind, name), uploads.len());
}

fn prefix(kind: Kind, name: &str) -> String {
    format!("{}-{name}-", kind.label().replace([' ', ','], ""))
}

fn enqueue(cluster: &Cluster, kind: Kind, name: &str, uploads: &[Upload]) {
    for (i, upload) in uploads.iter().enumerate() {
        let id = format!("{}{i}", prefix(kind, name));
        upload.send(cluster, kind.routing_key(), &id);
    }
}

/// Waits for verdicts and returns the times of the first and of the last.
fn await_verdicts(cluster: &Cluster, prefix: &str, count: usize) -> (Instant, Instant) {
    let folder = cluster.store().file("verdicts-portal", "applications");
    let mut first = None;
    loop {
        let count_now = count_verdicts(&folder, prefix);
        if count_now > 0 {
            first.get_or_insert_with(Instant::now);
        }
        if let Some(first) = first.filter(|_| count_now == count) {
            return (first, Instant::now());
        }
        sleep(Duration::from_millis(10));
    }
}

fn count_verdicts(folder: &Path, prefix: &str) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    ours.filter(|e| e.path().join("documents/D-1/latest/verdict.json").exists()).count()
}

fn measure_latency(out: &mut impl Write) -> std::io::Result<()> {
    let cluster = Cluster::start();
    let _worker = cluster.worker("alone");
    let mut waits = Vec::new();
    let mut answers = Vec::new();
    for (i, upload) in Kind::Portrait.uploads(ALONE).iter().enumerate() {
        let id = format!("ALONE-{i}");
        upload.put(&cluster, &id);
        let data = json!({"application_id": id, "stage": "residence-permit",
            "applicant": {}, "documents": [{"document_id": "D-1", "kind": "portrait",
            "object": {"bucket": "uploads-portal", "key": id}}]});
        let start = cluster.publish("application.submitted", &id, "application.submitted", data);
        let published = since_the_epoch() - start.elapsed().as_secs_f64();
        let file = cluster
            .store()
            .file("verdicts-portal", &format!("applications/{id}/latest/verdict.json"));
        while !file.exists() {
            sleep(Duration::from_millis(1));
        }
        waits.push(start.elapsed());
        answers.push(cluster.sql(&format!(
            "SELECT round(1000 * (extract(epoch FROM sent_at::timestamptz) - {published}))
             FROM events WHERE application_id = 'portal/{id}' AND routing_key = 'accepted'"
        )));
    }
    waits.sort();
    let mut answers: Vec<u32> = answers.iter().filter_map(|text| text.parse().ok()).collect();
    answers.sort_unstable();
    writeln!(
        out,
        "publish to attached verdict, one portrait: median {} ms, 95 % {} ms; publish to `accepted`: median {:?} ms",
        waits[ALONE / 2].as_millis(),
        waits[ALONE * 95 / 100].as_millis(),
        answers.get(answers.len() / 2)
    )
}

fn since_the_epoch() -> f64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64()
}

fn measure_throughput(out: &mut impl Write) -> std::io::Result<()> {
    let mut rates = Vec::new();
    for count in [1, 2, 1, 2] {
        let cluster = Cluster::start();
        let uploads = Kind::Portrait.uploads(QUEUED);
        enqueue(&cluster, Kind::Portrait, "queued", &uploads);
        let workers: Vec<Process> = (0..count)
            .map(|i| cluster.starting_worker(&format!("w{i}"), &["--lane", "portrait"], &[]))
            .collect();
        let (first, last) = await_verdicts(&cluster, &prefix(Kind::Portrait, "queued"), QUEUED);
        sleep(Duration::from_millis(300));
        let rate = (QUEUED - 1) as f64 / (last - first).as_secs_f64();
        let used = workers.iter().map(cpu_of_tree).sum::<Duration>().as_secs_f64() * 1000.0
            / QUEUED as f64;
        writeln!(
            out,
            "{count} worker: {rate:.2} portraits a second, {used:.1} ms CPU each, start included"
        )?;
        rates.push(rate);
    }
    writeln!(
        out,
        "two against one: {:.2} and {:.2} times",
        rates[1] / rates[0],
        rates[3] / rates[2]
    )
}
