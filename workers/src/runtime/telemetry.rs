//! Logs, metrics and traces. They carry ids, sizes, hashes and codes; never a name, a
//! number or a date of a person.

use std::io::IsTerminal;

use clap::ValueEnum;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::cli::Failure;
use crate::runtime::traces;

/// What is logged unless `TEKSERU_LOG` says otherwise: libraries only when they warn.
const FILTER: &str = "warn,tekseru=info";
/// Upper ends of the classes of durations, in seconds.
const SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// JSON unless stderr is a terminal
    Auto,
    /// One JSON object a line
    Json,
    /// For people
    Text,
}

/// Begins to log on stderr, to count, and to trace where that is asked for.
///
/// # Errors
/// When `TEKSERU_LOG` cannot be understood, or it was begun before.
pub(crate) fn start(format: LogFormat) -> Result<PrometheusHandle, Failure> {
    let filter = std::env::var("TEKSERU_LOG").unwrap_or_else(|_| FILTER.to_owned());
    let filter = EnvFilter::try_new(&filter)
        .map_err(|error| Failure::Usage(format!("TEKSERU_LOG cannot be understood: {error}")))?;
    let json = match format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Json => true,
        LogFormat::Text => false,
    };
    let log = fmt::layer().with_writer(std::io::stderr);
    let log = if json {
        log.json().flatten_event(true).with_current_span(false).boxed()
    } else {
        log.compact().boxed()
    };
    // its own filter: whoever logs less does not see less in traces
    let traces = traces::start()?.map(|tracer| {
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        layer.with_location(false).with_threads(false).with_filter(EnvFilter::new(FILTER))
    });
    tracing_subscriber::registry()
        .with(log.with_filter(filter))
        .with(traces)
        .try_init()
        .map_err(|error| Failure::Internal(format!("cannot log: {error}")))?;
    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Failure::Internal(format!("cannot count: {error}")))?;
    let version = env!("CARGO_PKG_VERSION");
    metrics::gauge!("tekseru_build_info", "version" => version).set(1.0);
    Ok(metrics)
}
