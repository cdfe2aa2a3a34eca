//! The time that has passed since an instant, for people.

use jiff::{SignedDuration, Timestamp};

/// Returns the time since an instant in the largest unit that is precise enough.
pub(super) fn age(at: Timestamp) -> String {
    let passed = Timestamp::now().duration_since(at).max(SignedDuration::ZERO);
    match passed.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7200 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_the_largest_precise_unit() {
        for (seconds, shown) in
            [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 d")]
        {
            let at = Timestamp::now() - SignedDuration::from_secs(seconds);
            assert_eq!(age(at), shown);
        }
    }
}
