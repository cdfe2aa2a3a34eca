//! Measures one portrait with the pipeline, and the time that it takes.

use std::collections::BTreeMap;
use std::time::Instant;

use image::RgbImage;
use jiff::Timestamp;
use jiff::civil::date;
use pipeline::application::Application;
use pipeline::examination::{Examination, Page, PageOrigin, Portrait};
use pipeline::examine::examine;
use pipeline::judge::{Case, ExaminationOutcome, judge};
use pipeline::kind::Kind;
use pipeline::open::{Limits, Picture, open};
use pipeline::portrait;
use pipeline::programme::Programme;
use pipeline::status::Status;
use pipeline::verdict::Body;

/// The measures of a file, with their duration.
pub struct TimedMeasures {
    /// The measures; nothing if the file does not open.
    pub portrait: Option<Portrait>,
    /// Milliseconds from bytes to pixels.
    pub open_ms: f64,
    /// Milliseconds from pixels to measures and evidence.
    pub measure_ms: f64,
}

/// Opens and measures a file.
#[must_use]
pub fn measure_file(untrusted: &[u8]) -> TimedMeasures {
    let start = Instant::now();
    let opened = open(untrusted, &Limits::for_kind(Kind::Portrait));
    let picture = opened.as_ref().ok().and_then(|opened| opened.picture(1).ok());
    let open_ms = start.elapsed().as_secs_f64() * 1000.0;
    let start = Instant::now();
    let portrait = picture.map(|picture| portrait::measure(&picture).portrait);
    TimedMeasures { portrait, open_ms, measure_ms: start.elapsed().as_secs_f64() * 1000.0 }
}

/// Measures a decoded picture.
#[must_use]
pub fn measure_picture(rgb: RgbImage) -> Portrait {
    let (width, height) = rgb.dimensions();
    let origin = PageOrigin::Image;
    let page = Page { number: 1, width, height, dpi: None, rotation: 0, mirrored: false, origin };
    portrait::measure(&Picture { page, rgb }).portrait
}

/// Judges this portrait alone by the programme of 2026 and returns the outcome
/// and the codes of its checks that do not pass.
#[must_use]
pub fn verdict(untrusted: &[u8]) -> Option<(Status, Vec<&'static str>)> {
    let examination =
        examine(untrusted, Kind::Portrait, &Limits::for_kind(Kind::Portrait)).examination;
    let body = body(&examination)?;
    let checks = body.checks.iter().filter(|check| check.id.starts_with("portrait."));
    let open = checks.clone().filter(|check| check.status >= Status::Warn);
    let codes = open.flat_map(|c| c.reasons.first()).map(|reason| reason.code.name()).collect();
    Some((checks.map(|check| check.status).max()?, codes))
}

fn body(examination: &Examination) -> Option<Body> {
    let application = br#"{"application_id":"A","stage":"residence-permit","documents":
        [{"document_id":"D","kind":"portrait","file":"portrait.jpg"}]}"#;
    let application = Application::parse(application).ok()?;
    let case = Case {
        application: &application,
        examinations: BTreeMap::from([("D", ExaminationOutcome::Examined(examination))]),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: "2026-02-01T06:00:00Z".parse::<Timestamp>().ok()?,
        on: date(2026, 2, 1),
    };
    judge(&case).ok()
}
