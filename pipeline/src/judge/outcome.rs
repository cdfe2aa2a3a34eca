//! Outcomes: what follows from a check's reasons, and the outcome of several checks.

use crate::reason::{FixableBy, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Sets who can fix a check and whether it may be retried, by its reasons.
pub(super) fn set_consequences(check: &mut Check) {
    let is_open = |r: &&Reason| r.code.status() >= Status::Warn;
    let worst = check.reasons.iter().filter(is_open).max_by_key(|r| r.code.status());
    check.fixable_by = worst.map_or(FixableBy::Nobody, |reason| reason.code.fixable_by());
    check.retryable = check.reasons.iter().any(|reason| reason.code.retryable());
}

/// Returns the outcome of several checks: the worst of the required ones
/// (error > fail > unsure > warn > pass). A required check that was not run
/// counts as unsure. An optional one raises to warn at most, also where it was not
/// run: what nobody has looked at is never a pass.
#[must_use]
pub fn roll_up(checks: &[Check]) -> Status {
    checks.iter().map(weight).max().unwrap_or(Status::Pass).max(Status::Pass)
}

fn weight(check: &Check) -> Status {
    match check.status {
        Status::NotRun if check.required => Status::Unsure,
        Status::NotApplicable => Status::Pass,
        status if check.required => status,
        status => status.min(Status::Warn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: Status, required: bool) -> Check {
        Check::new("a.b", status, required)
    }

    #[test]
    fn the_worst_required_check_decides() {
        use Status::{Error, Fail, NotApplicable, NotRun, Pass, Unsure, Warn};
        for (required, optional, outcome) in [
            (vec![], vec![], Pass),
            (vec![NotApplicable], vec![], Pass),
            (vec![Pass, Warn], vec![], Warn),
            (vec![Warn, NotRun], vec![], Unsure),
            (vec![Unsure, Fail], vec![], Fail),
            (vec![Fail, Error], vec![], Error),
            (vec![Pass], vec![Fail], Warn),
            (vec![Pass], vec![Error, Unsure], Warn),
            (vec![Pass], vec![NotApplicable], Pass),
            (vec![Pass], vec![NotRun], Warn),
            (vec![], vec![NotRun], Warn),
            (vec![Unsure], vec![Fail], Unsure),
        ] {
            let checks: Vec<Check> = required
                .iter()
                .map(|s| check(*s, true))
                .chain(optional.iter().map(|s| check(*s, false)))
                .collect();
            assert_eq!(roll_up(&checks), outcome, "{required:?} and optional {optional:?}");
        }
    }
}
