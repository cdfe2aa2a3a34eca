//! Means, quantiles and the curves that map a value to a probability or a quality.

/// Returns the mean, or `None` without values.
pub(super) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0u32);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

/// Returns the value below which `share` of the values are; reorders the values.
pub(super) fn quantile(values: &mut [f32], share: f64) -> Option<f32> {
    let at = (values.len().saturating_sub(1) as f64 * share) as usize;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(at, f32::total_cmp).1)
}

/// Maps a raw value to a quality component as ISO/IEC 29794-5 does:
/// h (a + s / (1 + exp((x0 - x) / w))).
pub(super) fn sigmoid(x: f64, [h, a, s, x0, w]: [f64; 5]) -> f64 {
    h * (a + s / (1.0 + ((x0 - x) / w).exp()))
}

/// Returns how far `x` is beyond `x0` as 0..1, in steps of `w`; a negative `w`
/// reverses the direction.
pub(super) fn logistic(x: f64, x0: f64, w: f64) -> f64 {
    1.0 / (1.0 + ((x0 - x) / w).exp())
}
