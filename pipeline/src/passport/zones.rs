//! Selects the zones among the candidates of a page and ranks them.

use super::find::find_candidates;
use super::pyramid::Pyramid;
use super::read::{CandidateResult, ReadLine, ReadZone, read_candidate};
use super::stage::Stage;
use crate::examination::{CheckDigit, Point, Polygon, Zone, round};

/// The zones of a page, best first.
pub(crate) struct PageZones {
    pub(crate) zones: Vec<ReadZone>,
    /// Whether the page has the layout of a zone whose characters cannot be recognised.
    pub(crate) illegible: bool,
}

/// Number of candidates of a page that are read.
const MAX_CANDIDATES: usize = 20;
/// Number of candidates that are read as mirror images if none is legible otherwise.
const MAX_MIRRORED: usize = 6;
/// Once a zone is found, candidates whose score is lower by this much are not read:
/// ordinary print has many.
const SCORE_MARGIN: f32 = 4.0;
/// Nor are candidates below this score: zones seldom are.
const MIN_SCORE: f32 = -2.5;
/// Least mean log probability of a second zone whose check digits are not valid.
const CLEAR: f32 = -0.12;

/// Reads the candidates of a page, likeliest first.
pub(crate) fn read_zones(page: &Pyramid<'_>, on_stage_end: &mut dyn FnMut(Stage)) -> PageZones {
    let mut found = PageZones { zones: Vec::new(), illegible: false };
    let mut min_score = f32::MIN;
    let candidates = find_candidates(page);
    on_stage_end(Stage::ZonesLocated);
    for candidate in candidates.iter().take(MAX_CANDIDATES) {
        let taken = found.zones.iter().any(|zone| zone.contains(candidate.centre()));
        if taken || candidate.score < min_score {
            continue;
        }
        match read_candidate(page, candidate, false) {
            // a second zone needs evidence: print around a zone may look alike
            CandidateResult::Zone(zone) if found.zones.is_empty() || zone.is_separate() => {
                found.zones.push(*zone);
                min_score = min_score.max(candidate.score - SCORE_MARGIN).max(MIN_SCORE);
            }
            CandidateResult::Illegible => found.illegible = true,
            CandidateResult::Zone(_) | CandidateResult::NotAZone => {}
        }
    }
    if found.zones.is_empty() {
        // a mirrored camera picture, or a file with a wrong mirrored orientation
        let likeliest = candidates.iter().take(MAX_MIRRORED);
        let mut mirrored =
            likeliest.filter_map(|candidate| match read_candidate(page, candidate, true) {
                CandidateResult::Zone(zone) if zone.valid_digits() >= 2 => Some(*zone),
                _ => None,
            });
        found.zones.extend(mirrored.next());
    }
    found.zones.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
    found
}

impl ReadZone {
    /// Ranks passports before cards and visas, then by valid check digits and by mean
    /// log probability.
    fn rank(&self) -> f32 {
        let passport = if self.mrz.is_travel_passport() { 2.5 } else { 0.0 };
        passport + self.valid_digits() as f32 + self.score
    }

    /// Whether it is a second zone, not print that looks like one.
    fn is_separate(&self) -> bool {
        self.valid_digits() >= 2 || self.score > CLEAR
    }

    pub(crate) fn valid_digits(&self) -> usize {
        let digits = self.check_digits();
        [digits.document_number, digits.date_of_birth, digits.date_of_expiry]
            .into_iter()
            .filter(|digit| *digit == CheckDigit::Valid)
            .count()
    }

    /// Returns the number of characters that were changed to satisfy a check digit.
    pub(crate) fn changed(&self) -> u32 {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        cells.filter(|cell| cell.changed).count() as u32
    }

    /// Whether the point is within the outline.
    fn contains(&self, point: [f32; 2]) -> bool {
        let outline = self.polygon();
        let point = point.map(f64::from);
        let side = |a: Point, b: Point| {
            (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0.0
        };
        let sides: Vec<bool> = (0..4).map(|i| side(outline[i], outline[(i + 1) % 4])).collect();
        sides.iter().all(|s| *s == sides[0])
    }

    /// Returns the outline on the page; the first corner is where the first line begins.
    pub(crate) fn polygon(&self) -> Polygon {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else {
            return Polygon::new();
        };
        let end = first.strip.cells as f32;
        [(first, 0.0, -0.7), (first, end, -0.7), (last, end, 0.7), (last, 0.0, 0.7)]
            .map(|(line, u, v)| line.strip.rounded_point(u, v))
            .to_vec()
    }

    /// Returns the least probability of its characters, 0..1.
    fn confidence(&self) -> f64 {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        let least = cells.fold(1.0f32, |least, cell| least.min(cell.probability));
        round(f64::from(least), 3)
    }

    /// Converts it to its stored form.
    pub(crate) fn to_zone(&self, page: u32) -> Zone {
        let angle = self.lines.first().map_or(0.0, |line| line.strip.angle());
        Zone {
            format: self.mrz.format(),
            lines: self.lines.iter().map(ReadLine::text_with_hidden).collect(),
            check_digits: self.check_digits(),
            changed: self.changed(),
            page,
            polygon: self.polygon(),
            rotation: round((-angle).rem_euclid(360.0), 1) % 360.0,
            confidence: self.confidence(),
        }
    }
}
