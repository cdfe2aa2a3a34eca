//! `tekseru verdict`: the newest verdict of an application, with its report and evidence.

use std::path::{Path, PathBuf};

use clap::Args;
use pipeline::examination::EvidencePicture;
use pipeline::verdict::Verdict;

use super::registry_access::{open_registry, record_access};
use crate::application_key::ApplicationKey;
use crate::cli::{Exit, Failure, Terminal};
use crate::commands::results::{Results, write_file, write_results};
use crate::commands::verdict_table::{View, table};
use crate::object_keys;
use crate::objects::Objects;
use crate::registry::{Registry, Revision};
use crate::runtime::process;
use crate::services::config::{RegistryArguments, StoreArguments};
use crate::verdicts::attach::evidence_key;
use crate::verdicts::evidence;

/// Most bytes of a report.
const MAX_REPORT_BYTES: u64 = 64 << 20;

/// Show the newest verdict of an application, or save it with its report and evidence.
///
/// The audit log records who read which verdict.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru verdict A-104                      as a table
  tekseru verdict A-104 --format json        as JSON, in the published form
  tekseru verdict A-104 --history            every revision, one per line
  tekseru verdict A-104 --report A-104.html  save the report, to open it in a browser
  tekseru verdict A-104 --out A-104-verdict  save verdict.json, report.html, evidence/

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// The application: PORTAL/ID, or the ID of the portal `portal`
    #[arg(value_name = "APPLICATION")]
    application: ApplicationKey,
    /// The verdict of a document that was judged before its application arrived
    #[arg(long, value_name = "DOCUMENT_ID", default_value = "", hide_default_value = true)]
    document: String,
    /// Number of an earlier revision
    #[arg(long, value_name = "N")]
    revision: Option<u32>,
    /// List every revision
    #[arg(long)]
    history: bool,
    /// Save verdict, report and evidence in this folder; needs the object store
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Save the report as this HTML file; needs the object store
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "history"])]
    report: Option<PathBuf>,
    /// Format of the output: human or json
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    format: String,
    /// Show names and numbers of persons in the table
    #[arg(long)]
    unmask: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let (id, scope) = (&arguments.application, &arguments.document);
        if arguments.history {
            for revision in registry.revisions(id).await.map_err(Failure::internal)? {
                terminal.print(&history_line(&revision))?;
            }
            return Ok(Exit::Success);
        }
        let revision = match arguments.revision {
            Some(number) => registry.revision(id, scope, number).await,
            None => registry.latest_revision(id, scope).await,
        };
        let Some(revision) = revision.map_err(Failure::internal)? else {
            return Err(Failure::Input(format!(
                "{id}: no such verdict; check the id, or wait until the application is judged"
            )));
        };
        record_access(&registry, "verdict.read", Some(id)).await?;
        show_or_save(arguments, &registry, &revision, terminal).await?;
        Ok(Exit::Success)
    })
}

async fn show_or_save(
    arguments: &Arguments,
    registry: &Registry,
    revision: &Revision,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if let Some(file) = &arguments.report {
        let report = read_report(&arguments.store.require()?, revision).await?;
        write_file(file, report.as_bytes())?;
        return terminal.print(&format!("written  {}", file.display()));
    }
    let verdict: Verdict = serde_json::from_str(&revision.verdict).map_err(Failure::internal)?;
    if let Some(out) = &arguments.out {
        save_all(out, &arguments.store.require()?, revision, &verdict).await?;
        return terminal.print(&format!("written  {}", out.display()));
    }
    if arguments.format == "json" {
        return terminal.print_json(&revision.verdict);
    }
    let record =
        registry.find_application(&revision.application).await.map_err(Failure::internal)?;
    let application = record.and_then(|record| record.application);
    let report = arguments.store.buckets.names().result_uri(&object_keys::report(&revision.key()));
    let mut save_command = report_command(&revision.application, &revision.scope);
    if let Some(number) = arguments.revision {
        save_command.push_str(&format!(" --revision {number}"));
    }
    let view = View {
        columns: terminal.columns(),
        unmask: arguments.unmask,
        applicant: application.as_ref().map(|application| &application.applicant),
        report: Path::new(&report),
        save_command: Some(&save_command),
    };
    terminal.print(&table(&verdict, &view))
}

/// Returns the command that saves the newest report as a file. It needs the registry, to
/// which portals have no access.
pub(crate) fn report_command(application: &ApplicationKey, document_id: &str) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "tekseru".to_owned());
    let name = if document_id.is_empty() { application.id() } else { document_id };
    let document =
        if document_id.is_empty() { String::new() } else { format!(" --document {document_id}") };
    format!("{program} verdict {application}{document} --report {name}.html")
}

fn history_line(revision: &Revision) -> String {
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

async fn read_report(objects: &Objects, revision: &Revision) -> Result<String, Failure> {
    let report = objects.get(&object_keys::report(&revision.key()), MAX_REPORT_BYTES).await;
    let report = report.map_err(Failure::internal)?.ok_or_else(|| {
        Failure::Internal(format!(
            "{}: the report of revision {} is not in the store yet; try again in a minute",
            revision.application, revision.revision
        ))
    })?;
    String::from_utf8(report).map_err(Failure::internal)
}

async fn save_all(
    out: &Path,
    objects: &Objects,
    revision: &Revision,
    verdict: &Verdict,
) -> Result<(), Failure> {
    let report = read_report(objects, revision).await?;
    let mut by_document: Vec<(&str, Vec<EvidencePicture>)> =
        verdict.body.documents.iter().map(|d| (d.document_id.as_str(), Vec::new())).collect();
    for evidence in &verdict.body.evidence {
        let Some(key) = evidence_key(verdict, evidence) else { continue };
        let picture = evidence::read_evidence(objects, &key).await.map_err(Failure::internal)?;
        let Some(bytes) = picture else { continue };
        let document = by_document.iter_mut().find(|(id, _)| *id == evidence.document_id);
        if let Some((_, pictures)) = document {
            pictures.push(EvidencePicture { evidence: evidence.evidence.clone(), bytes });
        }
    }
    let pictures = by_document.iter().map(|(id, pictures)| (*id, pictures.as_slice())).collect();
    let mut json = serde_json::to_string_pretty(verdict).map_err(Failure::internal)?;
    json.push('\n');
    write_results(out, &Results { pictures, report: &report, verdict: &json })
}
