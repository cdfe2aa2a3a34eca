//! Traces, sent to an OpenTelemetry collector where the environment names one.
//!
//! `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`) turns them on; the
//! other `OTEL_*` variables have the meaning that OpenTelemetry defines. Traces
//! contain the same data as logs: ids, codes and times.

mod context;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Runtime;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::cli::Failure;

pub(crate) use context::TraceContext;

/// Time limit for sending the remaining spans when the process ends.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);
/// Time limit for one batch: the exporter's own limit does not end a batch that is under way.
const BATCH_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest response of a collector that is read, in bytes.
const MAX_RESPONSE: usize = 1 << 16;

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Returns the tracer; none where the environment names no collector.
///
/// # Errors
/// When a variable is invalid.
pub(crate) fn start() -> Result<Option<SdkTracer>, Failure> {
    let endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    let disabled = env_var("OTEL_SDK_DISABLED").eq_ignore_ascii_case("true");
    if disabled || endpoints.iter().all(|name| env_var(name).is_empty()) {
        return Ok(None);
    }
    let failure = |error: &dyn std::fmt::Display| Failure::Usage(format!("traces: {error}"));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(CollectorClient::new())
        .build()
        .map_err(|error| failure(&error))?;
    let mut resource = Resource::builder();
    let is_named = !env_var("OTEL_SERVICE_NAME").is_empty()
        || env_var("OTEL_RESOURCE_ATTRIBUTES").contains("service.name=");
    if !is_named {
        resource = resource.with_service_name("tekseru");
    }
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build();
    let tracer = provider.tracer("tekseru");
    let _ = PROVIDER.set(provider);
    Ok(Some(tracer))
}

fn env_var(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Sends the remaining spans and ends the exporter.
pub(crate) fn shutdown() {
    if let Some(provider) = PROVIDER.get() {
        let _ = provider.shutdown_with_timeout(SHUTDOWN_TIMEOUT);
    }
}

/// Makes a span part of the trace that a message belongs to.
pub(crate) fn set_parent(span: &Span, trace: Option<&TraceContext>) {
    let (Some(_), Some(trace)) = (PROVIDER.get(), trace) else { return };
    let mut carrier = HashMap::from([("traceparent".to_owned(), trace.traceparent().to_owned())]);
    carrier.extend(trace.tracestate().map(|state| ("tracestate".to_owned(), state.to_owned())));
    let _ = span.set_parent(TraceContextPropagator::new().extract(&carrier));
}

/// Sends batches on a separate thread, because the thread that collects them has no runtime.
#[derive(Debug)]
struct CollectorClient {
    http: Client<HttpConnector, Full<Bytes>>,
    /// None where the system has no trusted certificates.
    https: Option<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

static RUNTIME: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("traces")
        .enable_all()
        .build()
});

impl CollectorClient {
    fn new() -> Self {
        let client = || Client::builder(TokioExecutor::new());
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .ok()
            .map(|connector| client().build(connector.https_only().enable_http1().build()));
        Self { http: client().build_http(), https }
    }
}

#[async_trait::async_trait]
impl HttpClient for CollectorClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let runtime = RUNTIME.as_ref().map_err(|error| error.kind().to_string())?;
        let request = request.map(Full::new);
        let sent = match (&self.https, request.uri().scheme_str()) {
            (Some(https), Some("https")) => https.request(request),
            (None, Some("https")) => return Err("the system has no trusted certificates".into()),
            _ => self.http.request(request),
        };
        let response = async {
            let (head, body) = sent.await?.into_parts();
            let body = Limited::new(body, MAX_RESPONSE).collect().await?.to_bytes();
            Ok(Response::from_parts(head, body))
        };
        // the time limit needs the runtime's clock, so it is set inside the runtime
        runtime.spawn(async { tokio::time::timeout(BATCH_TIMEOUT, response).await }).await??
    }
}
