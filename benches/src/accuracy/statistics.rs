//! Percentiles and bounds.

/// Returns the value below which `share` (0 to 1) of the values are, by nearest rank.
#[must_use]
pub fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.clamp(1, values.len().max(1)) - 1).copied()
}

/// Returns the one-sided 95 % upper bound of a rate after `events` in `trials`
/// (Clopper and Pearson 1934); about 3 / `trials` without events.
#[must_use]
pub fn upper_bound(events: u64, trials: u64) -> f64 {
    if events >= trials {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(events, trials, middle) > 0.05 { low = middle } else { high = middle }
    }
    high
}

/// Returns the probability of `events` or fewer in `trials` at a rate of `p`.
fn at_most(events: u64, trials: u64, p: f64) -> f64 {
    let trials = trials as f64;
    let mut log = trials * (-p).ln_1p();
    let mut sum = log.exp();
    for k in 0..events {
        let k = k as f64;
        log += ((trials - k) / (k + 1.0)).ln() + p.ln() - (-p).ln_1p();
        sum += log.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_tables() {
        for (events, trials, expected) in
            [(0, 37, 0.0778), (0, 10_000, 0.000_299_5), (1, 100, 0.0466), (5, 50, 0.1995)]
        {
            let bound = upper_bound(events, trials);
            assert!((bound / expected - 1.0).abs() < 0.01, "{events} of {trials}: {bound}");
        }
        assert_eq!((upper_bound(3, 3), upper_bound(0, 0)), (1.0, 1.0));
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let mut values = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!(percentile(&mut values, 0.5), Some(3.0));
        assert_eq!(percentile(&mut values, 0.95), Some(5.0));
        assert_eq!(percentile(&mut [], 0.5), None);
    }
}
