//! A server on a thread and runtime of its own: stopped for certain, whatever
//! runtime the test has.

use std::future::Future;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Stops when dropped; every connection is gone then.
pub(super) struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    address: SocketAddr,
}

const LIMIT: Duration = Duration::from_secs(10);

impl Background {
    /// Listens on an address, port 0 for any, and serves until stopped.
    pub(super) fn start<F: Future<Output = ()> + Send + 'static>(
        address: SocketAddr,
        serve: impl FnOnce(TcpListener) -> F + Send + 'static,
    ) -> Self {
        let listener = listen(address);
        let address = listener.local_addr().expect("a listener has an address");
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            let runtime = runtime.expect("a runtime starts");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("the listener is not blocking");
                tokio::select! {
                    served = tokio::spawn(serve(listener)) => served.expect("the server does not panic"),
                    _ = stopped => {}
                }
            });
            runtime.shutdown_timeout(LIMIT);
        });
        Self { stop: Some(stop), thread: Some(thread), address }
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// The port may still be held by what has just been stopped.
fn listen(address: SocketAddr) -> std::net::TcpListener {
    let begun = Instant::now();
    loop {
        match std::net::TcpListener::bind(address) {
            Ok(listener) => {
                listener.set_nonblocking(true).expect("a listener can be asked not to block");
                return listener;
            }
            Err(error) if begun.elapsed() > LIMIT => panic!("cannot listen on {address}: {error}"),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "a server of the tests panicked");
        }
    }
}
