//! Where faces are, and which way up.

use super::copy::Levels;
use super::detector::{FAR, Found, NEAR, distinct};
use super::landmarks;
use super::warp::Square;

/// Room around the picture, as a share of its longer side: a portrait's head
/// may touch the frame.
const ROOM: f64 = 0.25;

/// Lowest score of the main face.
const MAIN_SCORE: f64 = 0.5;

/// Below this score of the best face the picture is looked at from its other
/// sides too.
const UPRIGHT_SCORE: f64 = 0.8;

/// By how much a face on its side must be surer than one upright.
const SURER: f64 = 0.1;

/// Lowest score of a further face.
const FURTHER_SCORE: f64 = 0.6;

/// Faces at first sight, whichever way the picture lies.
pub(super) struct Sight {
    /// The surest first.
    pub(super) faces: Vec<Found>,
    /// Quarter turns, clockwise, that set the surest upright.
    pub(super) quarters: u32,
}

/// Looks at the picture from above, and where that does not convince from its
/// other sides.
pub(super) fn sight(levels: &Levels<'_>) -> Sight {
    let seen = |quarter: u32| {
        let angle = f64::from(quarter) * std::f64::consts::FRAC_PI_2;
        NEAR.faces(levels, Square { angle, ..whole(levels, ROOM) }, MAIN_SCORE)
    };
    let score = |faces: &Vec<Found>| faces.first().map_or(0.0, |face| face.score);
    let far = |quarter: u32| {
        let angle = f64::from(quarter) * std::f64::consts::FRAC_PI_2;
        let faces = FAR.faces(levels, Square { angle, ..whole(levels, 0.05) }, FURTHER_SCORE);
        faces.into_iter().filter(|face| landmarks::is_face(levels, face)).collect::<Vec<_>>()
    };
    let mut faces = seen(0);
    if score(&faces) < UPRIGHT_SCORE || faces.first().map_or(0, quarters) != 0 {
        for turned in (1..4).map(seen) {
            let surer = score(&turned) > score(&faces) + SURER;
            if surer && turned.first().is_some_and(|face| landmarks::is_face(levels, face)) {
                faces = turned;
            }
        }
    }
    if faces.is_empty() {
        faces = (0..4).map(far).find(|faces| !faces.is_empty()).unwrap_or_default();
    }
    Sight { quarters: faces.first().map_or(0, quarters), faces }
}

fn quarters(face: &Found) -> u32 {
    turns(face.angle().to_degrees())
}

/// Quarter turns, clockwise, that set a head upright which leans by so many
/// degrees. A head that leans by less than 60° is tilted, not laid on its side.
pub(super) fn turns(roll: f64) -> u32 {
    if roll.abs() < 60.0 {
        return 0;
    }
    ((-roll / 90.0).round() as i32).rem_euclid(4) as u32
}

/// Smaller faces of an upright picture, and those at first sight.
pub(super) fn further(levels: &Levels<'_>, near: Vec<Found>) -> Vec<Found> {
    let far = FAR.faces(levels, whole(levels, 0.05), FURTHER_SCORE);
    distinct(near.into_iter().chain(far).collect())
}

/// Faces on what is below a chin: a print on clothes.
pub(super) fn below(levels: &Levels<'_>, chin: f64) -> Vec<Found> {
    let (width, height) = (f64::from(levels.full.width()), f64::from(levels.full.height()));
    let centre = [width / 2.0, f64::midpoint(chin, height)];
    let side = width.max(height - chin);
    NEAR.faces(levels, Square { centre, side, angle: 0.0 }, FURTHER_SCORE)
}

/// The largest first: the person portrayed is nearest to the camera.
pub(super) fn by_size(faces: &mut [Found]) {
    faces.sort_by(|a, b| b.area().total_cmp(&a.area()).then(a.bounds[0].total_cmp(&b.bounds[0])));
}

fn whole(levels: &Levels<'_>, room: f64) -> Square {
    let (width, height) = (f64::from(levels.full.width()), f64::from(levels.full.height()));
    let side = width.max(height) * (1.0 + 2.0 * room);
    Square { centre: [width / 2.0, height / 2.0], side, angle: 0.0 }
}
