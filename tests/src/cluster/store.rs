//! The object store of a cluster: one in process, whose faults tests choose; or
//! Garage, where the environment names it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use crate::services::garage::Garage;
use crate::services::s3::{S3Server, User};

const PORTAL: User = User {
    id: "portal",
    secret: "secret-of-portal",
    reads: &["uploads", "results"],
    writes: &["uploads"],
};
const WORKER: User = User {
    id: "worker",
    secret: "secret-of-worker",
    reads: &["uploads", "results"],
    writes: &["results"],
};
const USERS: [User; 2] = [PORTAL, WORKER];
const BUCKETS: [&str; 2] = ["uploads", "results"];

pub(super) enum Store {
    InProcess(Mutex<S3Server>),
    Garage(Box<Garage>),
}

impl Store {
    pub(super) fn start() -> Self {
        match Garage::program() {
            Some(program) => Self::Garage(Box::new(Garage::start(program, &USERS, &BUCKETS))),
            None => Self::InProcess(Mutex::new(S3Server::start(&USERS, &BUCKETS))),
        }
    }

    pub(super) fn endpoint(&self) -> String {
        match self {
            Self::InProcess(_) => self.in_process().endpoint(),
            Self::Garage(garage) => garage.endpoint(),
        }
    }

    /// Access key id and secret of the portal, or of everybody else.
    pub(super) fn key(&self, is_portal: bool) -> (String, String) {
        let user = if is_portal { &PORTAL } else { &WORKER };
        match self {
            Self::InProcess(_) => (user.id.to_owned(), user.secret.to_owned()),
            Self::Garage(garage) => garage.key(user.id),
        }
    }

    pub(super) fn in_process(&self) -> MutexGuard<'_, S3Server> {
        match self {
            Self::InProcess(server) => server.lock().expect("no holder panics"),
            Self::Garage(_) => panic!("this test is for the store in process"),
        }
    }

    /// A result, if it is there.
    pub(super) fn read(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            // by what lies on the disk, whatever the server says
            Self::InProcess(_) => fs::read(self.in_process().file("results", key)).ok(),
            Self::Garage(garage) => garage.get(WORKER.id, "results", key),
        }
    }

    /// Keys of results below a folder, in order.
    pub(super) fn list(&self, prefix: &str) -> Vec<String> {
        if let Self::Garage(garage) = self {
            return garage.list(WORKER.id, "results", prefix);
        }
        let root = self.in_process().file("results", "");
        let mut found = Vec::new();
        below(&root.join(prefix), &mut found);
        let key = |path: &PathBuf| {
            path.strip_prefix(&root).expect("below").to_string_lossy().into_owned()
        };
        let mut keys: Vec<String> = found.iter().map(key).collect();
        keys.sort();
        keys
    }
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // the server's own notes on objects begin with a dot
        let own = entry.file_name().to_string_lossy().starts_with('.');
        match path.is_dir() {
            true => below(&path, found),
            false if !own => found.push(path),
            false => {}
        }
    }
}
