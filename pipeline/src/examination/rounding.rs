//! Rounding of stored numbers.

/// Rounds to `digits` decimals: facts are stored without insignificant digits.
#[must_use]
pub fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    // adding 0.0 turns -0.0 into 0.0, which would print differently
    (value * scale).round() / scale + 0.0
}
