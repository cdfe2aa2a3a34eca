//! The duration of each stage of reading a page.

use std::time::{Duration, Instant};

use pipeline::kind::Kind;
use pipeline::open::{Limits, open};
use pipeline::passport::{self, PassportReading, Stage};
use rustix::time::{ClockId, clock_gettime};

/// The stages of a page in the order of tables.
pub const STAGES: [&str; 7] =
    ["open", "prepare", "locate", "read", "parse", "visual_zone", "evidence"];

/// Stages that the zone path leaves out: reading the visual zone, drawing evidence.
const BEYOND_THE_ZONE: [usize; 2] = [5, 6];

/// Milliseconds of one page; 0 for a stage that did not run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// Elapsed time by stage.
    pub stages: [f64; 7],
    /// Processor time of all stages.
    pub cpu: f64,
    /// Whether no page of the file could be opened.
    pub refused: bool,
}

impl Times {
    /// Returns the time from bytes to parsed fields, without visual zone and evidence.
    #[must_use]
    pub fn zone_path(&self) -> f64 {
        let beyond: f64 = BEYOND_THE_ZONE.iter().map(|stage| self.stages[*stage]).sum();
        self.all() - beyond
    }

    /// Returns the time of all stages.
    #[must_use]
    pub fn all(&self) -> f64 {
        self.stages.iter().sum()
    }
}

fn index(stage: Stage) -> usize {
    match stage {
        Stage::Prepared => 1,
        Stage::ZonesLocated => 2,
        Stage::ZonesRead => 3,
        Stage::Parsed => 4,
        Stage::VisualZoneRead => 5,
        Stage::EvidenceDrawn => 6,
    }
}

/// Reads a file as the pipeline does: every examined page, of which the best one
/// counts. With `visual_zone` the print above the zone is read too.
#[must_use]
pub fn read_timed(untrusted: &[u8], visual_zone: bool) -> (PassportReading, Times) {
    let (mut times, cpu) = (Times::default(), cpu_now());
    let mut since = Instant::now();
    let mut readings = Vec::new();
    if let Ok(opened) = open(untrusted, &Limits::for_kind(Kind::Passport)) {
        for number in 1..=opened.examined_pages() {
            let picture = opened.picture(number);
            lap(&mut since, &mut times.stages[0]);
            let Ok(picture) = picture else { continue };
            let mut ended = |stage| lap(&mut since, &mut times.stages[index(stage)]);
            readings.push(passport::read_observed(&picture, visual_zone, &mut ended));
            lap(&mut since, &mut times.stages[6]);
        }
    }
    times.refused = readings.is_empty();
    times.cpu = (cpu_now().saturating_sub(cpu)).as_secs_f64() * 1000.0;
    (passport::merge_pages(readings), times)
}

fn lap(since: &mut Instant, sum: &mut f64) {
    let now = Instant::now();
    *sum += now.duration_since(*since).as_secs_f64() * 1000.0;
    *since = now;
}

/// Returns the processor time of all threads of this process.
fn cpu_now() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_path_leaves_out_visual_zone_and_evidence() {
        let times =
            Times { stages: [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0], cpu: 0.0, refused: false };
        assert_eq!((times.zone_path(), times.all()), (31.0, 127.0));
    }

    #[test]
    fn a_drawn_page_passes_all_stages_of_the_zone_path() {
        let bytes = fixtures::encode::jpeg(&crate::passport(), 90);
        let (reading, times) = read_timed(&bytes, true);
        assert!(!reading.zones.is_empty());
        assert!(times.stages[..5].iter().all(|ms| *ms > 0.0), "{times:?}");
    }
}
