//! A server on its own thread and runtime, so that it can be stopped whatever
//! runtime the test uses.

use std::future::Future;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A running server. Dropping it stops it and closes every connection.
pub(super) struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    address: SocketAddr,
}

const LIMIT: Duration = Duration::from_secs(10);

impl Background {
    /// Listens on an address, with port 0 on any port, and serves until stopped.
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

    /// Returns the address on which it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Binds an address, which a server that was just stopped may still occupy.
fn listen(address: SocketAddr) -> std::net::TcpListener {
    let start = Instant::now();
    loop {
        match std::net::TcpListener::bind(address) {
            Ok(listener) => {
                listener.set_nonblocking(true).expect("a listener can be made non-blocking");
                return listener;
            }
            Err(error) if start.elapsed() > LIMIT => panic!("cannot listen on {address}: {error}"),
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
