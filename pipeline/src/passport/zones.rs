//! Which candidates of a page are zones, and which of them is the best.

use super::Stage;
use super::find::find;
use super::pyramid::Pyramid;
use super::read::{Outcome, ReadZone, read};
use crate::examination::{CheckDigit, Point, Polygon, Zone, round};

/// The zones of a page, best first.
pub(crate) struct Found {
    pub(crate) zones: Vec<ReadZone>,
    /// Something looks like a zone whose characters cannot be told.
    pub(crate) illegible: bool,
}

/// Candidates that are read before giving up on a page.
const MOST_CANDIDATES: usize = 20;
/// Candidates that are looked at in a mirror where none reads as it is.
const MOST_MIRRORED: usize = 6;
/// Once a zone is found, candidates that are less like one by this much are
/// not looked at: ordinary print has many.
const MERIT_MARGIN: f32 = 4.0;
/// Nor those below this, as zones seldom are.
const LEAST_MERIT: f32 = -2.5;
/// A second zone whose digits do not hold reads at least this clearly (mean logarithm).
const CLEAR: f32 = -0.12;

/// Reads the candidates of a page, likeliest first.
pub(crate) fn zones(page: &Pyramid<'_>, ended: &mut dyn FnMut(Stage)) -> Found {
    let mut found = Found { zones: Vec::new(), illegible: false };
    let mut least_merit = f32::MIN;
    let candidates = find(page);
    ended(Stage::Found);
    for candidate in candidates.iter().take(MOST_CANDIDATES) {
        let taken = found.zones.iter().any(|zone| zone.holds(candidate.middle()));
        if taken || candidate.merit < least_merit {
            continue;
        }
        match read(page, candidate, false) {
            // a second one must prove itself: print around a zone may look alike
            Outcome::Zone(zone) if found.zones.is_empty() || zone.is_another() => {
                found.zones.push(*zone);
                least_merit = least_merit.max(candidate.merit - MERIT_MARGIN).max(LEAST_MERIT);
            }
            Outcome::Illegible => found.illegible = true,
            Outcome::Zone(_) | Outcome::Nothing => {}
        }
    }
    if found.zones.is_empty() {
        // a camera's mirror, or a mirrored orientation that the file lies about
        let seen = candidates.iter().take(MOST_MIRRORED);
        let mut mirrored = seen.filter_map(|candidate| match read(page, candidate, true) {
            Outcome::Zone(zone) if zone.valid_digits() >= 2 => Some(*zone),
            _ => None,
        });
        found.zones.extend(mirrored.next());
    }
    found.zones.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
    found
}

impl ReadZone {
    /// Passports before cards and visas, then by sound check digits and by how
    /// clearly it reads.
    fn rank(&self) -> f32 {
        let passport = if self.mrz.is_travel_passport() { 2.5 } else { 0.0 };
        passport + self.valid_digits() as f32 + self.score
    }

    /// Whether it is a zone beside another, not print that looks like one.
    fn is_another(&self) -> bool {
        self.valid_digits() >= 2 || self.score > CLEAR
    }

    pub(crate) fn valid_digits(&self) -> usize {
        let digits = self.mrz.check_digits();
        [digits.document_number, digits.date_of_birth, digits.date_of_expiry]
            .into_iter()
            .filter(|digit| *digit == CheckDigit::Valid)
            .count()
    }

    /// Characters that were altered to satisfy a check digit.
    pub(crate) fn changed(&self) -> u32 {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        cells.filter(|cell| cell.changed).count() as u32
    }

    /// Whether the point lies within the outline.
    fn holds(&self, point: [f32; 2]) -> bool {
        let outline = self.polygon();
        let point = point.map(f64::from);
        let side = |a: Point, b: Point| {
            (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0.0
        };
        let sides: Vec<bool> = (0..4).map(|i| side(outline[i], outline[(i + 1) % 4])).collect();
        sides.iter().all(|s| *s == sides[0])
    }

    /// The outline on the page; the first corner is where the first line begins.
    pub(crate) fn polygon(&self) -> Polygon {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else {
            return Polygon::new();
        };
        let end = first.strip.cells as f32;
        [(first, 0.0, -0.7), (first, end, -0.7), (last, end, 0.7), (last, 0.0, 0.7)]
            .map(|(line, u, v)| line.strip.point(u, v))
            .to_vec()
    }

    /// The least certain of its characters, 0..1.
    fn confidence(&self) -> f64 {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        let least = cells.fold(1.0f32, |least, cell| least.min(cell.probability));
        round(f64::from(least), 3)
    }

    /// The zone as it is stored.
    pub(crate) fn facts(&self, page: u32) -> Zone {
        let angle = self.lines.first().map_or(0.0, |line| line.strip.angle());
        Zone {
            format: self.mrz.format(),
            lines: self.mrz.lines().iter().map(|line| line.as_str().to_owned()).collect(),
            check_digits: self.mrz.check_digits(),
            changed: self.changed(),
            page,
            polygon: self.polygon(),
            rotation: round((-angle).rem_euclid(360.0), 1) % 360.0,
            confidence: self.confidence(),
        }
    }
}
