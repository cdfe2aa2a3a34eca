//! The measures of a portrait for which a programme may set a range.

use crate::reason::Code;

/// The measures of a portrait for which a programme may set a range, in the order
/// of their checks, each with the reason code of a value outside its range.
pub(crate) const RANGED_MEASURES: [(&str, Code); 25] = [
    ("roll_deg", Code::PhotoTilt),
    ("yaw_deg", Code::PhotoTurned),
    ("pitch_deg", Code::PhotoTurned),
    ("eye_centre_share", Code::PhotoOffCentre),
    ("inter_eye_distance", Code::PhotoFaceFewPixels),
    ("eyes_open", Code::PhotoEyesClosed),
    ("mouth_closed", Code::PhotoMouthOpen),
    ("tinted_glasses", Code::PhotoGlassesTinted),
    ("glasses_glare", Code::PhotoGlassesGlare),
    ("red_eye", Code::PhotoRedEyes),
    ("background_plain", Code::PhotoBackground),
    ("background_lightness", Code::PhotoBackground),
    ("background_shadow", Code::PhotoBackground),
    ("illumination_evenness", Code::PhotoLight),
    ("over_exposure", Code::PhotoLight),
    ("under_exposure", Code::PhotoLight),
    ("hot_spots", Code::PhotoLight),
    ("natural_colour", Code::PhotoColourCast),
    ("sharpness", Code::PhotoBlurred),
    ("upscaled", Code::PhotoUpscaled),
    ("jpeg_quality", Code::PhotoCompressed),
    ("hair_margin_mm", Code::PhotoHeadCut),
    ("background_chroma", Code::PhotoBackground),
    ("border", Code::PhotoBorder),
    ("marks_on_background", Code::PhotoMarks),
];

#[cfg(test)]
mod tests {
    use super::RANGED_MEASURES;

    #[test]
    fn every_ranged_measure_is_listed_once() {
        let names: std::collections::BTreeSet<&str> =
            RANGED_MEASURES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), RANGED_MEASURES.len());
    }
}
