//! Operators' commands: what failed, what runs, what waits, and what to do about it.

pub(crate) mod dead;
pub(crate) mod lanes;
pub(crate) mod migrate;
pub(crate) mod recheck;
pub(crate) mod status;
pub(crate) mod verdict;
pub(crate) mod withdraw;

use jiff::{SignedDuration, Timestamp};

use crate::cli::exit::Failure;
use crate::registry::{AuditEntry, Registry};
use crate::services;
use crate::services::config::{Problems, RegistryArguments};

/// Who is at the keyboard, for the audit log.
fn who() -> String {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    format!("operator:{}", user.as_deref().unwrap_or("unknown"))
}

/// The registry, or why it cannot be reached.
async fn registry(arguments: &RegistryArguments) -> Result<Registry, Failure> {
    let mut problems = Problems::default();
    let url = arguments.url(&mut problems);
    problems.finish()?;
    let url = url.ok_or_else(|| Failure::Usage("no database".to_owned()))?;
    services::connect(&url).await.map_err(ours)
}

/// Writes into the audit log that somebody looked at what is personal.
async fn note(registry: &Registry, action: &str, application: Option<&str>) -> Result<(), Failure> {
    let entry = AuditEntry::new(&who(), action, application);
    registry.audit(&entry, Timestamp::now()).await.map_err(ours)
}

fn ours(error: impl std::fmt::Display) -> Failure {
    Failure::Ours(error.to_string())
}

/// How long ago, in the largest unit that tells.
fn ago(at: Timestamp) -> String {
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
    fn ages_are_told_in_the_largest_unit_that_tells() {
        for (seconds, told) in
            [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 d")]
        {
            let at = Timestamp::now() - SignedDuration::from_secs(seconds);
            assert_eq!(ago(at), told);
        }
    }
}
