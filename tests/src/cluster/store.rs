//! The object store of a cluster: one in the test process, into which tests
//! inject faults, or Garage, if the environment names it.

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

    /// Returns access key id and secret of the portal, or of every other role.
    pub(super) fn key(&self, is_portal: bool) -> (String, String) {
        let user = if is_portal { &PORTAL } else { &WORKER };
        match self {
            Self::InProcess(_) => (user.id.to_owned(), user.secret.to_owned()),
            Self::Garage(garage) => garage.key(user.id),
        }
    }

    pub(super) fn in_process(&self) -> MutexGuard<'_, S3Server> {
        match self {
            Self::InProcess(server) => server.lock().expect("no thread panicked with the lock"),
            Self::Garage(_) => panic!("this test needs the in-process store"),
        }
    }

    /// Returns a result, if it exists.
    pub(super) fn read(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            // the file itself: the server may be stopped or inject a fault
            Self::InProcess(_) => fs::read(self.in_process().file("results", key)).ok(),
            Self::Garage(garage) => garage.get(WORKER.id, "results", key),
        }
    }

    /// Lists the keys of results that begin with a prefix, in order.
    pub(super) fn list(&self, prefix: &str) -> Vec<String> {
        if let Self::Garage(garage) = self {
            return garage.list(WORKER.id, "results", prefix);
        }
        let root = self.in_process().file("results", "");
        let mut found = Vec::new();
        collect_files(&root.join(prefix), &mut found);
        let key = |path: &PathBuf| {
            path.strip_prefix(&root)
                .expect("files are below the root")
                .to_string_lossy()
                .into_owned()
        };
        let mut keys: Vec<String> = found.iter().map(key).collect();
        keys.sort();
        keys
    }
}

fn collect_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // the server's metadata files begin with a dot
        let is_metadata = entry.file_name().to_string_lossy().starts_with('.');
        match path.is_dir() {
            true => collect_files(&path, found),
            false if !is_metadata => found.push(path),
            false => {}
        }
    }
}
