//! What goes wrong, for which requests, how often.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// An answer instead of the server's: status and S3 code; no body where the code is empty.
    Answer(u16, &'static str),
    /// No answer until the faults are cleared.
    Hang,
    /// The connection ends after so many bytes of the body.
    CutAfter(usize),
    /// Nothing comes after so many bytes until the faults are cleared; then the connection ends.
    HangAfter(usize),
    /// Single bytes, with this pause after each.
    Drip(Duration),
    /// Another value of a header; none where it is empty.
    Header(&'static str, String),
    /// The body comes in chunks, without a length, and ends well after so many bytes.
    Unsized(usize),
}

/// A request that came.
#[derive(Clone)]
pub struct Seen {
    /// `GetObject`, `PutObject`, …
    pub operation: &'static str,
    /// `/bucket/key` as it was sent.
    pub path: String,
    /// The range that was asked for.
    pub range: Option<String>,
    /// The ETag that was asked for.
    pub if_match: Option<String>,
    sent: Arc<AtomicU64>,
}

impl Seen {
    /// How many bytes of the answer's body were handed to the network.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    pub(super) fn new(operation: &'static str, request: &hyper::http::request::Parts) -> Self {
        let header = |name| {
            request.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Self {
            operation,
            path: request.uri.path().to_owned(),
            range: header("range"),
            if_match: header("if-match"),
            sent: Arc::default(),
        }
    }

    pub(super) fn count(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::SeqCst);
    }
}

struct Rule {
    operation: &'static str,
    prefix: String,
    fault: Fault,
    skip: usize,
    times: usize,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    seen: Vec<Seen>,
}

/// A handle on the faults of a server; clones share them.
#[derive(Clone)]
pub struct Faults {
    state: Arc<Mutex<State>>,
    cleared: watch::Sender<()>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { state: Arc::default(), cleared: watch::Sender::new(()) }
    }
}

impl Faults {
    /// From now on, for every such request whose `bucket/key` begins with `prefix`.
    pub fn always(&self, operation: &'static str, prefix: &str, fault: Fault) {
        self.times(operation, prefix, fault, 0, usize::MAX);
    }

    /// For the next such request alone.
    pub fn once(&self, operation: &'static str, prefix: &str, fault: Fault) {
        self.times(operation, prefix, fault, 0, 1);
    }

    /// For `times` such requests after `skip` that go well. Where several
    /// faults meet a request, each does its part.
    pub fn times(
        &self,
        operation: &'static str,
        prefix: &str,
        fault: Fault,
        skip: usize,
        times: usize,
    ) {
        let rule = Rule { operation, prefix: format!("/{prefix}"), fault, skip, times };
        self.state().rules.push(rule);
    }

    /// All is well again; what hangs goes on.
    pub fn clear(&self) {
        self.state().rules.clear();
        self.cleared.send_replace(());
    }

    /// Requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// Waits until the requests fulfil a condition.
    ///
    /// # Panics
    /// When they do not within ten seconds.
    pub async fn until(&self, mut met: impl FnMut(&[Seen]) -> bool) {
        let begun = Instant::now();
        while !met(&self.seen()) {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "the requests waited for did not come"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(super) fn meet(&self, request: Seen) -> Vec<Fault> {
        let mut state = self.state();
        let mut faults = Vec::new();
        for rule in &mut state.rules {
            if rule.operation != request.operation || !request.path.starts_with(&rule.prefix) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
            } else if rule.times > 0 {
                rule.times -= 1;
                faults.push(rule.fault.clone());
            }
        }
        state.seen.push(request);
        faults
    }

    pub(super) fn cleared(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of the faults panics")
    }
}
