//! A stored verdict with everything that it was judged from.

use std::collections::BTreeMap;

use pipeline::examination::Examination;
use pipeline::programme::Programme;
use pipeline::verdict::{Envelope, Verdict};
use serde_json::Value;

use super::arguments::Arguments;
use super::difference::Difference;
use crate::cli::Failure;
use crate::registry::{ApplicationState, JudgedInputs, JudgedOutcome, Registry, Revision};
use crate::verdicts::judging::stored_verdict;
use crate::verdicts::programmes::Programmes;

/// A stored verdict with everything that it was judged from.
pub(super) struct StoredVerdict {
    pub(super) revision: Revision,
    pub(super) verdict: Verdict,
    /// The body as it is stored.
    pub(super) body: Value,
    pub(super) inputs: JudgedInputs,
    /// The stored examinations by document id.
    pub(super) examinations: BTreeMap<String, Examination>,
}

impl StoredVerdict {
    /// Reads a verdict from the registry.
    ///
    /// # Errors
    /// When there is no such verdict, or a part of its inputs is not stored.
    pub(super) async fn read(arguments: &Arguments, registry: &Registry) -> Result<Self, Failure> {
        let (id, scope) = (&arguments.application, &arguments.document);
        let record = registry.find_application(id).await.map_err(Failure::internal)?;
        if record.is_some_and(|record| record.state == ApplicationState::Withdrawn) {
            return Err(Failure::Input(format!("{id}: was withdrawn; its verdicts are deleted")));
        }
        let revision = match arguments.revision {
            Some(number) => registry.revision(id, scope, number).await,
            None => registry.latest_revision(id, scope).await,
        };
        let Some(revision) = revision.map_err(Failure::internal)? else {
            return Err(Failure::Input(format!(
                "{id}: no such verdict; `tekseru verdict {id} --history` lists them"
            )));
        };
        let inputs = registry.judged_inputs(&revision.key()).await.map_err(Failure::internal)?;
        let Some(inputs) = inputs else {
            return Err(Failure::Input(format!(
                "{}: was judged by a version that did not store what it judged; \
                 the next revision can be computed again",
                name(&revision)
            )));
        };
        let examinations = examinations(registry, &revision, &inputs).await?;
        let verdict = stored_verdict(&revision).map_err(Failure::internal)?;
        let whole: Value = serde_json::from_str(&revision.verdict).map_err(Failure::internal)?;
        let body = whole["body"].clone();
        Ok(Self { revision, verdict, body, inputs, examinations })
    }

    /// Returns the name of the verdict for people.
    pub(super) fn name(&self) -> String {
        name(&self.revision)
    }

    /// Returns the programme by which it was judged, with the same bytes.
    ///
    /// # Errors
    /// When it is neither built in nor among those of the command line.
    pub(super) fn programme<'a>(&self, given: &'a Programmes) -> Result<&'a Programme, Failure> {
        let wanted = &self.verdict.body.programme;
        let mut known = given.all().iter().chain(Programme::built_in());
        known.find(|programme| programme.sha256 == wanted.sha256).ok_or_else(|| {
            Failure::Input(format!(
                "{}: was judged by {} with SHA-256 {}, which this version does not have; \
                 give the file with --programme",
                self.name(),
                wanted.id,
                wanted.sha256
            ))
        })
    }

    /// Returns the difference between the digest that is stored and that of the stored body.
    pub(super) fn digest_difference(&self) -> Option<Difference> {
        let digest = Verdict::new(self.verdict.body.clone(), Envelope::default()).digest;
        let stored = [&self.revision.digest, &self.verdict.digest];
        let wrong = stored.into_iter().find(|stored| **stored != digest);
        wrong.map(|stored| Difference::between("/digest", stored, &digest))
    }
}

fn name(revision: &Revision) -> String {
    let Revision { application, scope, revision, .. } = revision;
    let document = if scope.is_empty() { String::new() } else { format!(" document {scope}") };
    format!("{application}{document} revision {revision}")
}

async fn examinations(
    registry: &Registry,
    revision: &Revision,
    inputs: &JudgedInputs,
) -> Result<BTreeMap<String, Examination>, Failure> {
    let mut examinations = BTreeMap::new();
    for (id, outcome) in &inputs.outcomes {
        let JudgedOutcome::Examined(key) = outcome else { continue };
        let found = registry.find_examination(key).await.map_err(Failure::internal)?;
        let examination = found.ok_or_else(|| {
            Failure::Input(format!(
                "{}: the examination of {id} is not in the registry any more",
                name(revision)
            ))
        })?;
        examinations.insert(id.clone(), examination);
    }
    Ok(examinations)
}
