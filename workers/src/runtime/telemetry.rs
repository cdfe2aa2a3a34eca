//! Logs, metrics and traces. They contain ids, sizes, hashes and codes; never a name, a
//! number or a date of a person.

use std::io::IsTerminal;

use clap::ValueEnum;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::cli::Failure;
use crate::runtime::traces;

/// Default of `TEKSERU_LOG`: libraries log warnings only.
const DEFAULT_FILTER: &str = "warn,tekseru=info";
/// Upper bounds of the histogram buckets of durations, in seconds.
const SECONDS_BUCKETS: [f64; 12] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];

/// The format of log lines.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// JSON unless stderr is a terminal
    Auto,
    /// One JSON object a line
    Json,
    /// For people
    Text,
}

/// Starts logging on stderr, metrics, and traces if they are configured.
///
/// # Errors
/// When `TEKSERU_LOG` is invalid, or logging has already started.
pub(crate) fn start(format: LogFormat) -> Result<PrometheusHandle, Failure> {
    let filter = std::env::var("TEKSERU_LOG").unwrap_or_else(|_| DEFAULT_FILTER.to_owned());
    let filter = parse_filter(&filter)?;
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
    // a separate filter: the log level does not affect traces
    let traces_filter = parse_filter(DEFAULT_FILTER)?;
    let traces = traces::start()?.map(|tracer| {
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        layer.with_location(false).with_threads(false).with_filter(traces_filter)
    });
    tracing_subscriber::registry()
        .with(log.with_filter(filter))
        .with(traces)
        .try_init()
        .map_err(|error| Failure::Internal(format!("cannot start logging: {error}")))?;
    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Failure::Internal(format!("cannot start metrics: {error}")))?;
    let version = env!("CARGO_PKG_VERSION");
    metrics::gauge!("tekseru_build_info", "version" => version).set(1.0);
    Ok(metrics)
}

/// Parses a level for each target, such as `warn,tekseru=debug`.
fn parse_filter(text: &str) -> Result<Targets, Failure> {
    text.parse().map_err(|error| Failure::Usage(format!("TEKSERU_LOG is invalid: {error}")))
}
