//! The results that a cluster writes into its bucket.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::services::Cluster;
use super::times::LIMIT;

impl Cluster {
    /// Uploads the documents of a folder and sends its application, without waiting.
    ///
    /// # Panics
    /// When that fails.
    pub fn submit(&self, folder: &Path) {
        self.succeed("portal", &["submit", folder.to_str().expect("UTF-8")]);
    }

    /// Returns a result, if it exists.
    #[must_use]
    pub fn result(&self, key: &str) -> Option<Vec<u8>> {
        self.store.read(key)
    }

    /// Lists the keys of one bucket that begin with a prefix.
    #[must_use]
    pub fn objects(&self, bucket: &str, prefix: &str) -> Vec<String> {
        self.store.list_bucket(bucket, prefix)
    }

    /// Lists the keys of results that begin with a prefix.
    #[must_use]
    pub fn results(&self, prefix: &str) -> Vec<String> {
        self.store.list(prefix)
    }

    /// Returns the newest attached verdict of an application.
    #[must_use]
    pub fn verdict(&self, application: &str) -> Option<Value> {
        let key = format!("applications/{application}/latest/verdict.json");
        // a file that is being written is not JSON yet
        serde_json::from_slice(&self.result(&key)?).ok()
    }

    /// Waits for a verdict of an application that fulfils a condition.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_verdict(&self, application: &str, condition: impl Fn(&Value) -> bool) -> Value {
        let since = Instant::now();
        loop {
            if let Some(verdict) = self.verdict(application).filter(&condition) {
                return verdict;
            }
            assert!(since.elapsed() < LIMIT, "no verdict of {application}:\n{}", self.logs());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for a verdict in which no document is pending: each was examined,
    /// or cannot be until the portal or an operator changes something.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_none_pending(&self, application: &str) -> Value {
        self.await_verdict(application, |verdict| {
            let checks = verdict["body"]["checks"].as_array().map(Vec::as_slice);
            let opens = checks.unwrap_or_default().iter().filter(|c| c["id"] == "file.opens");
            let statuses: Vec<&Value> = opens.map(|check| &check["status"]).collect();
            !statuses.is_empty() && statuses.iter().all(|status| *status != "not_run")
        })
    }

    /// Waits for a complete verdict.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_complete(&self, application: &str) -> Value {
        self.await_verdict(application, |verdict| verdict["body"]["complete"] == true)
    }
}
