//! `tekseru recheck`: many applications under a new rule set or on another day.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{ours, registry, who};
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::registry::{ApplicationState, AuditEntry, Registry, SubmittedFilter};
use crate::services;
use crate::services::config::{RegistryArguments, StoreArguments};
use crate::verdicts::judging::{Cause, Judge, revise};
use crate::verdicts::programmes::Rulesets;

/// Applications that are read at once.
const PAGE: u32 = 200;

/// Judges applications again from what was seen before; no file is opened.
///
/// Revisions are added where the verdict says something else; the keeper
/// attaches them and tells the portal. Bucket of results and rule sets have to
/// be those of workers and keepers: events name the one, and whoever judges
/// next judges by the other.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru recheck A-104 A-105                  by today's rules
  tekseru recheck --all --programme-id kz-dnr-2026 --dry-run
  tekseru recheck --all --programme new.toml   by another rule set

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Applications
    #[arg(value_name = "APPLICATION_ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// Every submitted application, or those that the following name
    #[arg(long)]
    all: bool,
    /// Only those of this stage
    #[arg(long, value_name = "STAGE", requires = "all")]
    stage: Option<String>,
    /// Only those last judged by this rule set
    #[arg(long, value_name = "ID", requires = "all")]
    programme_id: Option<String>,
    /// Day of judging; one to come with --dry-run alone [default: today in the programme's zone]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Programme file to judge by instead of the built-in ones; may be given several times.
    /// Workers and keepers need the same, or their next judging takes it back
    #[arg(long, env = "TEKSERU_PROGRAMME", value_name = "FILE", value_delimiter = ',')]
    programme: Vec<PathBuf>,
    /// Says which verdicts would change and changes none
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let rulesets = Rulesets::load(&arguments.programme)?;
    let now = Timestamp::now();
    let today = rulesets.day_of(now);
    if !arguments.dry_run && arguments.on.is_some_and(|on| on > today) {
        let what = "--on: a day to come can be tried, not judged for; add --dry-run";
        return Err(Failure::Usage(what.to_owned()));
    }
    let worker = concat!("tekseru/", env!("CARGO_PKG_VERSION"), " recheck");
    let judge = Judge {
        on: arguments.on.unwrap_or(today),
        rulesets: &rulesets,
        now,
        worker,
        results: &arguments.store.results,
    };
    services::runtime()?.block_on(async {
        let registry = registry(&arguments.registry).await?;
        let (mut judged, mut changed) = (0, 0);
        let mut after = String::new();
        loop {
            let page = page(arguments, &registry, &after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            for id in &page {
                judged += 1;
                if one(arguments, &registry, &judge, id, terminal).await? {
                    changed += 1;
                }
            }
            if !arguments.all {
                break;
            }
        }
        let verb = if arguments.dry_run { "would change" } else { "changed" };
        terminal.say(&format!("judged {judged}, {verb} {changed}"))?;
        Ok(Exit::Fine)
    })
}

async fn page(
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
    registry.submitted_ids(after, PAGE, &filter).await.map_err(ours)
}

/// Whether its verdict says something else now.
async fn one(
    arguments: &Arguments,
    registry: &Registry,
    judge: &Judge<'_>,
    id: &str,
    terminal: &mut Terminal,
) -> Result<bool, Failure> {
    if registry.find_application(id).await.map_err(ours)?.is_none() {
        return Err(Failure::Input(format!("{id}: never heard of")));
    }
    let mut locked = registry.lock(id, judge.now).await.map_err(ours)?;
    if locked.record().state != ApplicationState::Submitted {
        return Ok(false);
    }
    let before = locked.latest_revision("").await.map_err(ours)?;
    revise(&mut locked, judge, &Cause::default()).await.map_err(ours)?;
    let after = locked.latest_revision("").await.map_err(ours)?;
    let changed = before.as_ref().map(|r| r.revision) != after.as_ref().map(|r| r.revision);
    if changed && let Some(after) = &after {
        let was = before.map_or_else(|| "none".to_owned(), |before| before.outcome);
        terminal.say(&format!("{id}  {was} -> {}", after.outcome))?;
    }
    if !arguments.dry_run {
        locked
            .audit(&AuditEntry::new(&who(), "application.rechecked", Some(id)))
            .await
            .map_err(ours)?;
        locked.commit().await.map_err(ours)?;
    }
    Ok(changed)
}
