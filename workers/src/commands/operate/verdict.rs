//! `tekseru verdict`: the newest verdict of an application, or all that belongs to it.

use std::path::PathBuf;

use clap::Args;
use pipeline::examination::EvidencePicture;
use pipeline::verdict::Verdict;

use super::{note, ours, registry};
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::commands::check::table;
use crate::commands::check::write::{self, Results};
use crate::object_keys;
use crate::objects::Objects;
use crate::registry::Revision;
use crate::services;
use crate::services::config::{Problems, RegistryArguments, StoreArguments};
use crate::verdicts::attach::evidence_key;
use crate::verdicts::evidence;

/// Longest report that is read back.
const MAX_REPORT: u64 = 64 << 20;

/// Shows the newest verdict of an application, or writes it with report and evidence.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru verdict A-104                     as a table
  tekseru verdict A-104 --format json       as published
  tekseru verdict A-104 --history           every revision, one a line
  tekseru verdict A-104 --out A-104-verdict verdict.json, report.html, evidence/

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// The application
    #[arg(value_name = "APPLICATION_ID")]
    application_id: String,
    /// A document that was judged before its application was known
    #[arg(long, value_name = "DOCUMENT_ID", default_value = "", hide_default_value = true)]
    document: String,
    /// An earlier revision
    #[arg(long, value_name = "N")]
    revision: Option<u32>,
    /// Lists every revision
    #[arg(long)]
    history: bool,
    /// Writes verdict, report and evidence there; asks for the store
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Human or json
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    format: String,
    /// Shows names and numbers of persons in the table
    #[arg(long)]
    unmask: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    services::runtime()?.block_on(async {
        let registry = registry(&arguments.registry).await?;
        let (id, scope) = (&arguments.application_id, &arguments.document);
        if arguments.history {
            for revision in registry.revisions(id).await.map_err(ours)? {
                terminal.say(&line(&revision))?;
            }
            return Ok(Exit::Fine);
        }
        let revision = match arguments.revision {
            Some(number) => registry.revision(id, scope, number).await,
            None => registry.latest_revision(id, scope).await,
        };
        let Some(revision) = revision.map_err(ours)? else {
            return Err(Failure::Input(format!("{id}: no verdict yet, or never heard of")));
        };
        let verdict: Verdict = serde_json::from_str(&revision.verdict).map_err(ours)?;
        note(&registry, "verdict.read", Some(id)).await?;
        if let Some(out) = &arguments.out {
            let mut problems = Problems::default();
            let objects = arguments.store.open(&mut problems);
            problems.finish()?;
            let objects = objects.ok_or_else(|| Failure::Usage("no store".to_owned()))?;
            write_all(out, &objects, &revision, &verdict).await?;
            terminal.say(&format!("written  {}", out.display()))?;
        } else if arguments.format == "json" {
            terminal.say(&revision.verdict)?;
        } else {
            let record = registry.find_application(id).await.map_err(ours)?;
            let application = record.and_then(|record| record.application);
            let report = format!(
                "s3://{}/{}",
                arguments.store.results,
                object_keys::report(&revision.key())
            );
            let view = table::View {
                columns: terminal.columns(),
                unmask: arguments.unmask,
                applicant: application.as_ref().map(|application| &application.applicant),
                report: std::path::Path::new(&report),
            };
            terminal.say(&table::show(&verdict, &view))?;
        }
        Ok(Exit::Fine)
    })
}

fn line(revision: &Revision) -> String {
    let scope = if revision.scope.is_empty() { "application" } else { &revision.scope };
    let complete = if revision.complete { "complete" } else { "incomplete" };
    let attached = if revision.attached_at.is_some() { "" } else { "  not attached yet" };
    format!(
        "{scope}  {}  {}  {}  {complete}  on {}  {}{attached}",
        revision.revision,
        revision.produced_at,
        revision.outcome,
        revision.judged_on,
        revision.digest
    )
}

async fn write_all(
    out: &std::path::Path,
    objects: &Objects,
    revision: &Revision,
    verdict: &Verdict,
) -> Result<(), Failure> {
    let report =
        objects.get(&object_keys::report(&revision.key()), MAX_REPORT).await.map_err(ours)?;
    let report = report.ok_or_else(|| ours("the report is not attached yet"))?;
    let report = String::from_utf8(report).map_err(ours)?;
    let mut by_document: Vec<(&str, Vec<EvidencePicture>)> =
        verdict.body.documents.iter().map(|d| (d.document_id.as_str(), Vec::new())).collect();
    for evidence in &verdict.body.evidence {
        let Some(key) = evidence_key(verdict, evidence) else { continue };
        let Some(bytes) = evidence::read(objects, &key).await.map_err(ours)? else { continue };
        let of = by_document.iter_mut().find(|(id, _)| *id == evidence.document_id);
        if let Some((_, pictures)) = of {
            pictures.push(EvidencePicture { evidence: evidence.evidence.clone(), bytes });
        }
    }
    let pictures = by_document.iter().map(|(id, pictures)| (*id, pictures.as_slice())).collect();
    let mut json = serde_json::to_string_pretty(verdict).map_err(ours)?;
    json.push('\n');
    write::results(out, &Results { pictures, report: &report, verdict: &json })
}
