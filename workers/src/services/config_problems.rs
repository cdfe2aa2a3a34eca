//! The problems of a configuration, collected so that all are reported together.

use crate::broker::BrokerConfig;
use crate::cli::Failure;
use crate::objects::StoreConfigError;
use crate::runtime::process;
use crate::runtime::secret::Secret;
use crate::runtime::transport::Transport;
use crate::services::secrets::SecretSource;

/// Collects the problems of a configuration.
#[derive(Default)]
pub(crate) struct ConfigProblems(Vec<String>);

impl ConfigProblems {
    /// Returns a required value; records a problem where it is missing.
    pub(crate) fn required<T: Clone>(
        &mut self,
        value: &Option<T>,
        name: &str,
        what: &str,
    ) -> Option<T> {
        if value.is_none() {
            self.0.push(format!("{name} is not set: {what}"));
        }
        value.clone()
    }

    /// Returns a required secret; records a problem where it is missing or cannot be used.
    pub(super) fn secret(&mut self, source: &SecretSource<'_>, what: &str) -> Option<Secret> {
        match source.find() {
            Ok(found) => self.required(&found, source.name, what),
            Err(problem) => {
                self.0.push(problem);
                None
            }
        }
    }

    /// Returns an address; records a problem where it is missing, cannot be used, or others
    /// on the network could read what is sent there.
    pub(super) fn address(
        &mut self,
        source: &SecretSource<'_>,
        what: &str,
        transport: fn(&Secret) -> Result<Transport, String>,
    ) -> Option<Secret> {
        let url = self.secret(source, what)?;
        if let Err(problem) = transport(&url) {
            self.0.push(format!("{}: {problem}", source.name));
            return None;
        }
        Some(url)
    }

    /// Records a problem where this process is root, which it needs for nothing: a fault in it
    /// would have every file and process of the machine.
    pub(crate) fn user(&mut self, may_be_root: bool) {
        if process::is_root() && !may_be_root {
            let problem = "this process is root: start it as a user of its own, or set \
                           TEKSERU_ALLOW_ROOT=true";
            self.0.push(problem.to_owned());
        }
    }

    /// Records a problem where other processes would take messages of this one for a portal's.
    pub(crate) fn service_user(&mut self, broker: &BrokerConfig) {
        let (user, ours) = (broker.user(), &broker.senders.service_users);
        if !ours.contains(&user) {
            let user = user.escape_debug();
            let ours = ours.join(", ");
            self.0.push(format!(
                "TEKSERU_AMQP_URL: its user `{user}` is not in TEKSERU_SERVICE_USERS ({ours})"
            ));
        }
    }

    /// Records a problem where a setting has the name that a version before portals gave it.
    pub(super) fn former_names(&mut self) {
        if std::env::var_os("TEKSERU_RESULTS").is_some() {
            let problem = "TEKSERU_RESULTS: set TEKSERU_EVIDENCE and TEKSERU_VERDICTS instead";
            self.0.push(problem.to_owned());
        }
    }

    /// Reads a file; records a problem where that fails.
    pub(super) fn read_text(&mut self, file: &std::path::Path, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(file);
        text.map_err(|error| self.0.push(format!("{name}: {}: {error}", file.display()))).ok()
    }

    /// Returns a store; records the problems where it cannot be used.
    pub(super) fn record_all<T>(&mut self, opened: Result<T, StoreConfigError>) -> Option<T> {
        opened.map_err(|problems| self.0.extend(problems.0)).ok()
    }

    /// Ends the check of the configuration.
    ///
    /// # Errors
    /// When there are problems: all of them, one per line.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::Usage(self.0.join("\n"))) }
    }
}

/// Runs one check of a configuration that is needed alone.
pub(super) fn require<T>(
    check: impl FnOnce(&mut ConfigProblems) -> Option<T>,
) -> Result<T, Failure> {
    let mut problems = ConfigProblems::default();
    let checked = check(&mut problems);
    problems.finish()?;
    checked.ok_or_else(|| Failure::Usage("the configuration is incomplete".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_reported_together() {
        let mut problems = ConfigProblems::default();
        assert_eq!(problems.required(&Some(1), "A", "the first"), Some(1));
        assert_eq!(problems.required(&None::<u8>, "B", "the second"), None);
        assert_eq!(problems.required(&None::<u8>, "C", "the third"), None);
        let report = problems.finish().unwrap_err().to_string();
        assert_eq!(report, "B is not set: the second\nC is not set: the third");
        assert!(ConfigProblems::default().finish().is_ok());
    }
}
