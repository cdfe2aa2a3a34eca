//! Traces, sent to an OpenTelemetry collector where the environment names one.
//!
//! `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`) turns them on; the
//! other `OTEL_*` variables mean what OpenTelemetry says. They hold what logs
//! hold: ids, codes and times.

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

use crate::cli::exit::Failure;

pub(crate) use context::TraceContext;

/// For what was not sent when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// For one batch: the exporter's own limit does not end one that is under way.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer of a collector that is read.
const MAX_ANSWER: usize = 1 << 16;

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Makes spans; none where nobody wants them.
///
/// # Errors
/// When the environment cannot be understood.
pub(crate) fn start() -> Result<Option<SdkTracer>, Failure> {
    let wanted = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    let disabled = said("OTEL_SDK_DISABLED").eq_ignore_ascii_case("true");
    if disabled || wanted.iter().all(|name| said(name).is_empty()) {
        return Ok(None);
    }
    let unusable = |error: &dyn std::fmt::Display| Failure::Usage(format!("traces: {error}"));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Sender::new())
        .build()
        .map_err(|error| unusable(&error))?;
    let mut resource = Resource::builder();
    let is_named = !said("OTEL_SERVICE_NAME").is_empty()
        || said("OTEL_RESOURCE_ATTRIBUTES").contains("service.name=");
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

fn said(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Sends what was not sent yet.
pub(crate) fn finish() {
    if let Some(provider) = PROVIDER.get() {
        let _ = provider.shutdown_with_timeout(LAST_WORDS);
    }
}

/// Makes a span part of the trace that a message belongs to.
pub(crate) fn follow(span: &Span, trace: Option<&TraceContext>) {
    let (Some(_), Some(trace)) = (PROVIDER.get(), trace) else { return };
    let mut said = HashMap::from([("traceparent".to_owned(), trace.parent().to_owned())]);
    said.extend(trace.state().map(|state| ("tracestate".to_owned(), state.to_owned())));
    let _ = span.set_parent(TraceContextPropagator::new().extract(&said));
}

/// Sends batches on a thread of its own: the one that collects them has no runtime.
#[derive(Debug)]
struct Sender {
    http: Client<HttpConnector, Full<Bytes>>,
    /// None where the system has no certificates to trust.
    https: Option<Client<HttpsConnector<HttpConnector>, Full<Bytes>>>,
}

static RUNTIME: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("traces")
        .enable_all()
        .build()
});

impl Sender {
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
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let runtime = RUNTIME.as_ref().map_err(|error| error.kind().to_string())?;
        let request = request.map(Full::new);
        let sent = match (&self.https, request.uri().scheme_str()) {
            (Some(https), Some("https")) => https.request(request),
            (None, Some("https")) => return Err("no certificates to trust".into()),
            _ => self.http.request(request),
        };
        let answer = async {
            let (head, body) = sent.await?.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await?.to_bytes();
            Ok(Response::from_parts(head, body))
        };
        // a limit is set where there is a clock to keep it
        runtime.spawn(async { tokio::time::timeout(PATIENCE, answer).await }).await??
    }
}
