//! Compares what is in the store of results with the registry.

use serde_json::Value;

use super::Comparison;
use super::difference::{Difference, differences};
use super::stored::StoredVerdict;
use crate::cli::Failure;
use crate::object_keys::{self, ExaminationKey};
use crate::objects::Objects;
use crate::verdicts::evidence::read_evidence;

/// Most bytes of a verdict or of a report in the store.
const MAX_BYTES: u64 = 64 << 20;

/// Compares the verdict's file with the registry and the pictures with their hashes, and
/// says whether there is a report. A revision that is not attached yet has no file.
pub(super) async fn compare_stored_files(
    stored: &StoredVerdict,
    objects: &Objects,
) -> Result<Vec<Comparison>, Failure> {
    let mut comparisons = Vec::new();
    if stored.revision.attached_at.is_some() {
        comparisons.push(compare_verdict(stored, objects).await?);
        let key = object_keys::report(&stored.revision.key());
        let report = objects.get(&key, MAX_BYTES).await.map_err(Failure::internal)?;
        let missing = report.is_none().then(|| Difference::between("", &true, &false));
        let title = "its report is in the store";
        comparisons.push(Comparison::new(title, missing.into_iter().collect()));
    } else {
        comparisons.push(Comparison::none("its file in the store: not attached yet"));
    }
    comparisons.push(compare_pictures(stored, objects).await?);
    Ok(comparisons)
}

async fn compare_verdict(stored: &StoredVerdict, objects: &Objects) -> Result<Comparison, Failure> {
    let key = object_keys::verdict(&stored.revision.key());
    let file = objects.get(&key, MAX_BYTES).await.map_err(Failure::internal)?;
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
    let now = file.as_deref().map_or(Value::Null, parse);
    let found = differences(&parse(stored.revision.verdict.as_bytes()), &now);
    Ok(Comparison::new("its file in the store", found))
}

async fn compare_pictures(
    stored: &StoredVerdict,
    objects: &Objects,
) -> Result<Comparison, Failure> {
    let mut found = Vec::new();
    for (id, examination) in &stored.examinations {
        let key = ExaminationKey::from_examination(examination);
        for evidence in &examination.evidence {
            let object_key = object_keys::evidence(&key, evidence);
            let picture = read_evidence(objects, &object_key).await.map_err(Failure::internal)?;
            let now = picture.as_deref().map(pipeline::digest::sha256);
            if now.as_ref() != Some(&evidence.sha256) {
                let at = format!("/{id}/{}/sha256", evidence.id);
                found.push(Difference::between(&at, &evidence.sha256, &now));
            }
        }
    }
    Ok(Comparison::new("its pictures in the store", found))
}
