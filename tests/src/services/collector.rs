//! A trace collector that stores everything that is exported to it over HTTP.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::background::Background;

/// A running collector. It is stopped when dropped.
pub struct Collector {
    running: Background,
    exports: Exports,
}

type Exports = Arc<Mutex<Vec<Bytes>>>;

impl Collector {
    /// Starts on a free port.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        let exports = Exports::default();
        let stored = Arc::clone(&exports);
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let running = Background::start(address, |listener| serve(listener, stored));
        Self { running, exports }
    }

    /// Returns `http://host:port`, for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.running.address())
    }

    /// Returns everything that was exported, in order of arrival.
    #[must_use]
    pub fn exports(&self) -> Vec<u8> {
        self.exports.lock().unwrap_or_else(PoisonError::into_inner).concat()
    }
}

async fn serve(listener: TcpListener, exports: Exports) {
    loop {
        let Ok((socket, _)) = listener.accept().await else { continue };
        let exports = Arc::clone(&exports);
        let answer =
            hyper::service::service_fn(move |request| store(request, Arc::clone(&exports)));
        let connection = hyper::server::conn::http1::Builder::new();
        tokio::spawn(connection.serve_connection(TokioIo::new(socket), answer));
    }
}

async fn store(
    request: Request<Incoming>,
    exports: Exports,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // the client repeats a request that breaks off
    if let Ok(body) = request.into_body().collect().await {
        exports.lock().unwrap_or_else(PoisonError::into_inner).push(body.to_bytes());
    }
    Ok(Response::new(Full::default()))
}
