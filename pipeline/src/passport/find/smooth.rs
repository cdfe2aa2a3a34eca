//! Moving averages and medians.

/// Returns means over `width` values; fewer at the ends.
pub(super) fn moving_average(values: &[f32], width: f32) -> Vec<f32> {
    let half = (width / 2.0).round() as usize;
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0f64);
    for value in values {
        sums.push(sums[sums.len() - 1] + f64::from(*value));
    }
    let mean = |i: usize| {
        let (from, to) = (i.saturating_sub(half), (i + half + 1).min(values.len()));
        ((sums[to] - sums[from]) / (to - from) as f64) as f32
    };
    (0..values.len()).map(mean).collect()
}

pub(super) fn median(values: &[f32]) -> f32 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f32::total_cmp).1 }
}
