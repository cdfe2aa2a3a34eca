//! `tekseru reproduce`: computes a stored verdict again, and says what differs.

mod arguments;
mod difference;
mod examine_again;
mod print;
mod stored;

use std::collections::BTreeMap;

use pipeline::examination::Examination;
use pipeline::programme::Programme;
use serde_json::Value;

use super::registry_access::{open_registry, record_access};
use crate::cli::{Exit, Failure, Terminal};
use crate::object_keys;
use crate::objects::Objects;
use crate::runtime::process;
use crate::verdicts::judging::judge_again;
use crate::verdicts::programmes::Programmes;

pub(crate) use arguments::Arguments;
use difference::{Difference, differences};
use examine_again::Uploads;
use print::print;
use stored::StoredVerdict;

/// Most bytes of a verdict in the store.
const MAX_VERDICT_BYTES: u64 = 64 << 20;

/// One thing that was computed again, with what differs from what is stored.
struct Comparison {
    /// For people: what was compared.
    title: String,
    differences: Vec<Difference>,
}

impl Comparison {
    fn new(title: impl Into<String>, differences: Vec<Difference>) -> Self {
        Self { title: title.into(), differences }
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    // everything that the command line can lack, before the first connection
    let programmes = Programmes::load(&arguments.programme)?;
    let uploads = (!arguments.judge_only).then(|| Uploads::open(arguments)).transpose()?;
    process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let stored = StoredVerdict::read(arguments, &registry).await?;
        record_access(&registry, "verdict.reproduced", Some(&arguments.application_id)).await?;
        let programme = stored.programme(&programmes)?;
        let title = "judged again from the stored inputs";
        let mut first = judged_again(title, &stored, &stored.examinations, programme)?;
        first.differences.extend(stored.digest_difference());
        let mut comparisons = vec![first];
        if let Some(uploads) = uploads {
            comparisons.extend(in_store(&stored, uploads.objects.as_ref()).await?);
            let (again, examinations) = uploads.examine_again(&stored, terminal).await?;
            comparisons.extend(again);
            let title = "judged again from the uploads";
            comparisons.push(judged_again(title, &stored, &examinations, programme)?);
        }
        print(arguments, &stored, &comparisons, terminal)
    })
}

/// Judges the stored inputs with these examinations.
fn judged_again(
    title: &str,
    stored: &StoredVerdict,
    examinations: &BTreeMap<String, Examination>,
    programme: &Programme,
) -> Result<Comparison, Failure> {
    let on = stored.revision.judged_on;
    let is_document = !stored.revision.scope.is_empty();
    let body = judge_again(&stored.inputs, is_document, examinations, programme, on);
    let body = body.map_err(|error| {
        Failure::Input(format!("{}: cannot be judged again: {error}", stored.name()))
    })?;
    let body = serde_json::to_value(body).map_err(Failure::internal)?;
    Ok(Comparison::new(title, differences(&stored.body, &body)))
}

/// Compares the file in the store with the registry; nothing where none is written yet.
async fn in_store(
    stored: &StoredVerdict,
    objects: Option<&Objects>,
) -> Result<Option<Comparison>, Failure> {
    let Some(objects) = objects.filter(|_| stored.revision.attached_at.is_some()) else {
        return Ok(None);
    };
    let key = object_keys::verdict(&stored.revision.key());
    let file = objects.get(&key, MAX_VERDICT_BYTES).await.map_err(Failure::internal)?;
    // a verdict of `check --state` is in the caller's folder only
    let Some(file) = file else { return Ok(None) };
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
    let found = differences(&parse(stored.revision.verdict.as_bytes()), &parse(&file));
    Ok(Some(Comparison::new("its file in the store", found)))
}
