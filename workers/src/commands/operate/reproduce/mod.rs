//! `tekseru reproduce`: computes a stored verdict again, and says what differs.

mod arguments;
mod difference;
mod examine_again;
mod in_store;
mod print;
mod stored;

use std::collections::BTreeMap;

use pipeline::examination::Examination;
use pipeline::programme::Programme;

use super::registry_access::{open_registry, record_access};
use crate::cli::{Exit, Failure, Terminal};
use crate::runtime::process;
use crate::verdicts::judging::judge_again;
use crate::verdicts::programmes::Programmes;

pub(crate) use arguments::Arguments;
use difference::{Difference, differences};
use examine_again::Uploads;
use in_store::compare_stored_files;
use print::print;
use stored::StoredVerdict;

/// One thing that was computed again, with what differs from what is stored.
struct Comparison {
    /// For people: what was compared.
    title: String,
    differences: Vec<Difference>,
    /// False where nothing was there to compare.
    is_compared: bool,
}

impl Comparison {
    fn new(title: impl Into<String>, differences: Vec<Difference>) -> Self {
        Self { title: title.into(), differences, is_compared: true }
    }

    /// Says what could not be compared.
    fn none(title: impl Into<String>) -> Self {
        Self { title: title.into(), differences: Vec::new(), is_compared: false }
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    // everything that the command line can lack, before the first connection
    let programmes = Programmes::load(&arguments.programme)?;
    let uploads = (!arguments.judge_only).then(|| Uploads::open(arguments)).transpose()?;
    process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let stored = StoredVerdict::read(arguments, &registry).await?;
        record_access(&registry, "verdict.reproduced", Some(&arguments.application)).await?;
        let programme = stored.programme(&programmes)?;
        let title = "judged again from the stored inputs";
        let mut first = judged_again(title, &stored, &stored.examinations, programme)?;
        first.differences.extend(stored.digest_difference());
        let mut comparisons = vec![first];
        let mut other_examiners = Vec::new();
        if let Some(uploads) = uploads {
            if let Some(objects) = &uploads.objects {
                comparisons.extend(compare_stored_files(&stored, objects).await?);
            }
            let again = uploads.examine_again(&stored, terminal).await?;
            comparisons.extend(again.comparisons);
            let title = "judged again from the uploads";
            comparisons.push(judged_again(title, &stored, &again.examinations, programme)?);
            other_examiners = again.other_examiners;
        }
        print(arguments, &stored, &comparisons, other_examiners, terminal)
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
