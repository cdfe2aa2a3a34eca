//! Compares measures with the truth.

use pipeline::examination::{Portrait, round};

use super::truth::Truth;

/// The programme's limit of the measure `colour`, below which a picture is grey.
pub const GREY: f64 = 0.12;

/// The scores of one picture; unknown ones are absent.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// File name.
    pub file: String,
    /// Number of faces found, and of faces in the picture.
    pub faces: (usize, usize),
    /// Errors of both eye centres in inter-eye distances.
    pub eyes: Option<[f64; 2]>,
    /// Error of the chin in head heights.
    pub chin: Option<f64>,
    /// The same for the crown; absent too if no crown was found.
    pub crown: Option<f64>,
    /// Whether the crown is known but was not found.
    pub crown_missed: bool,
    /// Whether the background is plain.
    pub plain: bool,
    /// Measured and true value.
    pub grey: Option<(bool, bool)>,
    /// Whether the eyes are closed: measured and true value.
    pub closed: Option<(bool, bool)>,
    /// Measured and true value.
    pub glasses: Option<(bool, bool)>,
    /// Measured and true value.
    pub mouth_open: Option<(bool, bool)>,
    /// L* of the cheeks.
    pub skin: Option<f64>,
    /// Milliseconds to open and to measure.
    pub ms: (f64, f64),
}

/// Scores the measures of one picture.
#[must_use]
pub fn score(truth: &Truth, portrait: Option<&Portrait>) -> Score {
    let there = truth.number("n_faces").unwrap_or(0.0) as usize;
    let mut score = Score {
        file: truth.file.clone(),
        faces: (portrait.map_or(0, |p| p.faces.len()), there),
        plain: truth.flag("background_plain") == Some(true),
        ..Score::default()
    };
    let Some(portrait) = portrait else { return score };
    let value = |name: &str| portrait.measures.get(name).map(|measure| measure.value);
    let both = |measured: Option<bool>, truth: Option<bool>| Some((measured?, truth?));
    score.grey = both(value("colour").map(|v| v < GREY), truth.flag("greyscale"));
    score.skin = value("skin_lightness");
    let Some(face) = portrait.faces.first().filter(|_| there == 1) else { return score };
    score.closed = both(value("eyes_open").map(|v| v < 0.5), truth.flag("eyes_open").map(|v| !v));
    score.glasses = both(value("glasses").map(|v| v > 0.5), truth.flag("glasses"));
    let closed = truth.flag("mouth_closed");
    score.mouth_open = both(value("mouth_closed").map(|v| v < 0.5), closed.map(|v| !v));
    if let (Some(eyes), Some(right), Some(left)) = (truth.eyes(), face.right_eye, face.left_eye) {
        let between = distance(eyes[0], eyes[1]);
        score.eyes = Some([distance(eyes[0], right) / between, distance(eyes[1], left) / between]);
    }
    if let (Some(chin), Some(crown)) = (truth.number("chin_y"), truth.number("crown_y_incl_hair")) {
        let head = (chin - crown).abs().max(1.0);
        score.chin = face.chin.map(|at| (at[1] - chin).abs() / head);
        score.crown = face.crown_hair.map(|at| (at[1] - crown).abs() / head);
        score.crown_missed = score.crown.is_none();
    }
    score
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Returns the balanced accuracy: the mean of the rates at which both classes are
/// recognised, or nothing if one class is missing.
#[must_use]
pub fn balanced(pairs: &[(bool, bool)]) -> Option<f64> {
    let rate = |side: bool| {
        let all: Vec<_> = pairs.iter().filter(|(_, truth)| *truth == side).collect();
        let right = all.iter().filter(|(measured, _)| *measured == side).count() as f64;
        (!all.is_empty()).then(|| right / all.len() as f64)
    };
    Some(round(f64::midpoint(rate(true)?, rate(false)?), 4))
}

#[cfg(test)]
mod tests {
    use super::balanced;

    #[test]
    fn both_classes_have_equal_weight() {
        let pairs = [(true, true), (false, false), (false, false), (true, false)];
        assert_eq!(balanced(&pairs), Some(0.8333));
        assert_eq!(balanced(&pairs[1..]), None);
    }
}
