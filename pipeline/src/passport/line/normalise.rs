//! Local contrast normalisation of a strip.

/// Half the width of the window in which contrast is normalised, in pixels.
const HALF_WINDOW: usize = 24;
/// Lower bound of a window's deviation, as a share of the median deviation.
const MIN_SHARE: f32 = 0.35;
/// Lower bound of a window's deviation, in grey levels: grain must not become letters.
const MIN_SPREAD: f32 = 2.0;
/// Values are clamped to this many deviations.
const CLAMP: f32 = 4.0;

/// Converts brightness to normalised ink: the local mean becomes 0, the local
/// deviation 1, and darker is positive.
pub fn normalise(strip: &mut [f32], width: usize) {
    let mut sums = vec![[0.0f32; 2]; width];
    for row in strip.chunks_exact(width) {
        for (sum, value) in sums.iter_mut().zip(row) {
            sum[0] += value;
            sum[1] += value * value;
        }
    }
    let height = (strip.len() / width.max(1)) as f32;
    let local: Vec<[f32; 2]> = (0..width)
        .map(|x| {
            let around = &sums[x.saturating_sub(HALF_WINDOW)..(x + HALF_WINDOW + 1).min(width)];
            let n = around.len() as f32 * height;
            let [sum, square] = around.iter().fold([0.0; 2], |s, v| [s[0] + v[0], s[1] + v[1]]);
            let mean = sum / n;
            [mean, (square / n - mean * mean).max(0.0).sqrt()]
        })
        .collect();
    let mut spreads: Vec<f32> = local.iter().map(|l| l[1]).collect();
    let middle = spreads.len() / 2;
    let usual = *spreads.select_nth_unstable_by(middle, f32::total_cmp).1;
    let least = (usual * MIN_SHARE).max(MIN_SPREAD);
    for row in strip.chunks_exact_mut(width) {
        for (value, [mean, spread]) in row.iter_mut().zip(&local) {
            *value = ((mean - *value) / spread.max(least)).clamp(-CLAMP, CLAMP);
        }
    }
}
