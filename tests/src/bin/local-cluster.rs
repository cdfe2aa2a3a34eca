//! A cluster on this machine to try out: `local-cluster FOLDER` starts broker,
//! database, store, a worker and a maintenance process on loopback, writes their
//! addresses into FOLDER, and runs until it receives SIGTERM or SIGINT. It leaves
//! nothing behind.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use tests::cluster::Cluster;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return ExitCode::from(2);
    };
    let cluster = Cluster::start_alone();
    let _worker = cluster.worker("worker-1");
    let _maintenance = cluster.maintenance("maintenance-1");
    fs::create_dir_all(&folder).expect("the folder can be made");
    for role in ["portal", "operator"] {
        let file = folder.join(format!("{role}.env"));
        fs::write(file, cluster.exports(role)).expect("the folder can be written");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut term = signal(SignalKind::terminate()).expect("signals can be handled");
        let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be handled");
        // written last: a process that waits for this file finds the other files
        fs::write(folder.join("ready"), "").expect("the folder can be written");
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    });
    ExitCode::SUCCESS
}
