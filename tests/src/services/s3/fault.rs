//! Faults that are injected, with the requests that they apply to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// A fault of one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// An answer instead of the server's: status and S3 code; without a body if the code is empty.
    Answer(u16, &'static str),
    /// No answer until the faults are cleared.
    Hang,
    /// The answer 503, though the request is carried out once the faults are cleared.
    Late,
    /// The connection ends after this many bytes of the body.
    CutAfter(usize),
    /// After this many bytes nothing comes until the faults are cleared; then the connection ends.
    HangAfter(usize),
    /// Single bytes, with this pause after each.
    Drip(Duration),
    /// Another value of a header; the header is left out if the value is empty.
    Header(&'static str, String),
    /// The body comes in chunks, without a length, and ends regularly after this many bytes.
    Unsized(usize),
}

/// A request that the server received.
#[derive(Clone)]
pub struct ReceivedRequest {
    /// `GetObject`, `PutObject`, …
    pub operation: &'static str,
    /// `/bucket/key` as the client sent it.
    pub path: String,
    /// Header `Range`.
    pub range: Option<String>,
    /// Header `If-Match`.
    pub if_match: Option<String>,
    /// Header `x-amz-server-side-encryption`.
    pub encryption: Option<String>,
    bytes_sent: Arc<AtomicU64>,
}

impl ReceivedRequest {
    /// Returns how many bytes of the answer's body were handed to the network.
    #[must_use]
    pub fn bytes_sent(&self) -> u64 {
        self.bytes_sent.load(Ordering::SeqCst)
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
            encryption: header("x-amz-server-side-encryption"),
            bytes_sent: Arc::default(),
        }
    }

    pub(super) fn add_bytes_sent(&self, bytes: usize) {
        self.bytes_sent.fetch_add(bytes as u64, Ordering::SeqCst);
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
    requests: Vec<ReceivedRequest>,
}

/// The faults of a server and its received requests; clones share them.
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
    /// Injects a fault into every request of an operation whose `bucket/key` begins with `prefix`.
    pub fn always(&self, operation: &'static str, prefix: &str, fault: Fault) {
        self.times(operation, prefix, fault, 0, usize::MAX);
    }

    /// Injects a fault into the next such request only.
    pub fn once(&self, operation: &'static str, prefix: &str, fault: Fault) {
        self.times(operation, prefix, fault, 0, 1);
    }

    /// Injects a fault into `times` such requests after `skip` without it. If
    /// several faults apply to a request, it gets all of them.
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

    /// Removes all faults; requests that hang continue.
    pub fn clear(&self) {
        self.state().rules.clear();
        self.cleared.send_replace(());
    }

    /// Returns the requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.state().requests.clone()
    }

    /// Waits until the requests so far fulfil a condition.
    ///
    /// # Panics
    /// When they do not within ten seconds.
    pub async fn wait_until(&self, mut condition: impl FnMut(&[ReceivedRequest]) -> bool) {
        let start = Instant::now();
        while !condition(&self.requests()) {
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "the expected requests did not come"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Records a request and returns the faults that apply to it.
    pub(super) fn record(&self, request: ReceivedRequest) -> Vec<Fault> {
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
        state.requests.push(request);
        faults
    }

    pub(super) fn cleared(&self) -> watch::Receiver<()> {
        self.cleared.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panicked with the lock")
    }
}
