//! `tekseru recheck`: judges applications again by a new programme or on another day.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use super::registry_access::{open_registry, operator_name};
use crate::cli::Terminal;
use crate::cli::{Exit, Failure};
use crate::registry::{ApplicationState, AuditEntry, Registry, SubmittedFilter};
use crate::runtime::process;
use crate::services::config::{RegistryArguments, StoreArguments};
use crate::verdicts::judging::{JudgeContext, RevisionCause, add_revision_if_changed};
use crate::verdicts::programmes::Programmes;

/// Number of application ids that are read at once.
const PAGE_SIZE: u32 = 200;

/// Judge applications again from their stored examinations; no file is opened.
///
/// A verdict that changes becomes a new revision. `tekseru maintain` writes it to the
/// store and informs the portal. Use the same bucket of results and the same programme
/// files as workers and maintenance: events name the bucket, and the next judgement
/// uses their programme files.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru recheck A-104 A-105                  by the programme of today
  tekseru recheck --all --programme-id kz-dnr-2026 --dry-run
  tekseru recheck --all --programme new.toml   by another programme file

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Ids of applications
    #[arg(value_name = "APPLICATION_ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// Every submitted application; the next two options select among them
    #[arg(long)]
    all: bool,
    /// Only applications of this stage
    #[arg(long, value_name = "STAGE", requires = "all")]
    stage: Option<String>,
    /// Only applications that were last judged by this programme
    #[arg(long, value_name = "ID", requires = "all")]
    programme_id: Option<String>,
    /// Day of the judgement; a future day needs --dry-run [default: today in the
    /// programme's time zone]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Programme file to judge by, instead of the built-in programmes; may be repeated.
    /// Give workers and maintenance the same file, or their next judgement reverts this one
    #[arg(long, env = "TEKSERU_PROGRAMME", value_name = "FILE", value_delimiter = ',')]
    programme: Vec<PathBuf>,
    /// Show which verdicts would change, and change none
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let programmes = Programmes::load(&arguments.programme)?;
    let now = Timestamp::now();
    let today = programmes.day_of(now);
    if !arguments.dry_run && arguments.on.is_some_and(|on| on > today) {
        let problem = "--on: verdicts cannot be changed for a future day; add --dry-run to try it";
        return Err(Failure::Usage(problem.to_owned()));
    }
    let worker = concat!("tekseru/", env!("CARGO_PKG_VERSION"), " recheck");
    let context = JudgeContext {
        on: arguments.on.unwrap_or(today),
        programmes: &programmes,
        now,
        worker,
        results: &arguments.store.results,
    };
    process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let (mut judged, mut changed) = (0, 0);
        let mut after = String::new();
        loop {
            let page = next_page(arguments, &registry, &after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            for id in &page {
                judged += 1;
                if recheck(arguments, &registry, &context, id, terminal).await? {
                    changed += 1;
                }
            }
            if !arguments.all {
                break;
            }
        }
        let verb = if arguments.dry_run { "would change" } else { "changed" };
        terminal.print(&format!("judged {judged}, {verb} {changed}"))?;
        Ok(Exit::Success)
    })
}

async fn next_page(
    arguments: &Arguments,
    registry: &Registry,
    after: &str,
) -> Result<Vec<String>, Failure> {
    if !arguments.all {
        return Ok(arguments.ids.clone());
    }
    let filter = SubmittedFilter {
        stage: arguments.stage.clone(),
        programme: arguments.programme_id.clone(),
    };
    registry.submitted_ids(after, PAGE_SIZE, &filter).await.map_err(Failure::internal)
}

/// Judges one application again and returns whether its verdict changed.
async fn recheck(
    arguments: &Arguments,
    registry: &Registry,
    context: &JudgeContext<'_>,
    id: &str,
    terminal: &mut Terminal,
) -> Result<bool, Failure> {
    if registry.find_application(id).await.map_err(Failure::internal)?.is_none() {
        return Err(Failure::Input(format!("{id}: unknown application; check the id")));
    }
    let mut locked = registry.lock(id, context.now).await.map_err(Failure::internal)?;
    if locked.record().state != ApplicationState::Submitted {
        return Ok(false);
    }
    let before = locked.latest_revision("").await.map_err(Failure::internal)?;
    add_revision_if_changed(&mut locked, context, &RevisionCause::default())
        .await
        .map_err(Failure::internal)?;
    let after = locked.latest_revision("").await.map_err(Failure::internal)?;
    let changed = before.as_ref().map(|r| r.revision) != after.as_ref().map(|r| r.revision);
    if changed && let Some(after) = &after {
        let previous = before.map_or_else(|| "none".to_owned(), |before| before.outcome);
        terminal.print(&format!("{id}  {previous} -> {}", after.outcome))?;
    }
    if !arguments.dry_run {
        locked.audit(AuditEntry::new(&operator_name(), "application.rechecked", Some(id)));
        locked.commit().await.map_err(Failure::internal)?;
    }
    Ok(changed)
}
