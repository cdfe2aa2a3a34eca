//! `tekseru recheck`: judges applications again by a new programme or on another day, or
//! has their uploads examined again.

mod examine;
mod skipped;

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::registry_access::{open_registry, operator_name, require_known};
use crate::application_key::ApplicationKey;
use crate::cli::Terminal;
use crate::cli::{Exit, Failure};
use crate::registry::{ApplicationState, AuditEntry, Registry, Revision, SubmittedFilter};
use crate::runtime::process;
use crate::services::config::{BrokerArguments, RegistryArguments, StoreArguments};
use crate::verdicts::judging::{JudgeContext, RevisionCause, add_revision_if_changed};
use crate::verdicts::programmes::Programmes;
use skipped::{RecheckError, Skipped};

/// Number of application ids that are read at once.
const PAGE_SIZE: u32 = 200;

/// Judge applications again from their stored examinations; no file is opened.
///
/// With --examine, workers fetch every upload again instead, as after an update that reads
/// more, and examine those that the present version has not examined yet. An examination
/// stays in use until the new one is stored; the verdict follows.
///
/// An application that cannot be read is named and skipped; the exit status is then 3.
///
/// A verdict that changes becomes a new revision. `tekseru maintain` writes it to the
/// store and informs the portal. Use the same names of buckets and the same programme files
/// as workers and maintenance: events name the buckets, and the next judgement uses their
/// programme files.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru recheck A-104 A-105                  by the programme of today
  tekseru recheck --all --programme-id kz-dnr-2026 --dry-run
  tekseru recheck --all --programme new.toml   by another programme file
  tekseru recheck A-104 --examine              workers examine its uploads again

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Applications: PORTAL/ID, or the ID of the portal `portal`
    #[arg(value_name = "APPLICATION", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<ApplicationKey>,
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
    /// Have workers examine the uploads again: those that the present version of the
    /// workers has not examined. Needs the broker and the object store
    #[arg(long, conflicts_with_all = ["on", "programme"])]
    examine: bool,
    /// Show which verdicts would change, or what would be examined, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    broker: BrokerArguments,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if arguments.examine {
        return examine::run(arguments, terminal);
    }
    let programmes = Programmes::load(&arguments.programme)?;
    let now = Timestamp::now();
    let today = programmes.day_of(now);
    if !arguments.dry_run && arguments.on.is_some_and(|on| on > today) {
        let problem = "--on: verdicts cannot be changed for a future day; add --dry-run to try it";
        return Err(Failure::Usage(problem.to_owned()));
    }
    let worker = concat!("tekseru/", env!("CARGO_PKG_VERSION"), " recheck");
    let buckets = arguments.store.buckets.names();
    let context = JudgeContext {
        on: arguments.on.unwrap_or(today),
        programmes: &programmes,
        now,
        worker,
        buckets: &buckets,
        incomplete_interval: SignedDuration::ZERO,
    };
    process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let (mut judged, mut changed) = (0, 0);
        let mut skipped = Skipped::default();
        let mut pages = Pages::default();
        while let Some(page) = pages.next(arguments, &registry).await? {
            for id in &page {
                let rechecked = recheck(arguments, &registry, &context, id, terminal).await;
                let Some(is_changed) = skipped.check(&registry, id, rechecked, terminal).await?
                else {
                    continue;
                };
                judged += 1;
                changed += u32::from(is_changed);
            }
        }
        let verb = if arguments.dry_run { "would change" } else { "changed" };
        terminal.print(&format!("judged {judged}, {verb} {changed}"))?;
        skipped.finish(terminal)
    })
}

/// The selected applications, page by page.
#[derive(Default)]
struct Pages {
    after: String,
    ended: bool,
}

impl Pages {
    /// Returns the next ids; none after the last.
    async fn next(
        &mut self,
        arguments: &Arguments,
        registry: &Registry,
    ) -> Result<Option<Vec<ApplicationKey>>, Failure> {
        if self.ended {
            return Ok(None);
        }
        if !arguments.all {
            self.ended = true;
            return Ok(Some(arguments.ids.clone()));
        }
        let filter = SubmittedFilter {
            stage: arguments.stage.clone(),
            programme: arguments.programme_id.clone(),
        };
        let page = registry.submitted_ids(&self.after, PAGE_SIZE, &filter).await;
        let page = page.map_err(Failure::internal)?;
        let Some(last) = page.last() else { return Ok(None) };
        self.after = last.to_string();
        Ok(Some(page))
    }
}

/// Judges one application again and returns whether its verdict changed.
async fn recheck(
    arguments: &Arguments,
    registry: &Registry,
    context: &JudgeContext<'_>,
    id: &ApplicationKey,
    terminal: &mut Terminal,
) -> Result<bool, RecheckError> {
    require_known(registry, id).await?;
    let mut locked = registry.lock(id, context.now).await?;
    if locked.record().state != ApplicationState::Submitted {
        return Ok(false);
    }
    let before = locked.latest_revision("").await?;
    add_revision_if_changed(&mut locked, context, &RevisionCause::default()).await?;
    let after = locked.latest_revision("").await?;
    let identity = |r: &Revision| (r.revision, r.digest.clone());
    let changed = before.as_ref().map(identity) != after.as_ref().map(identity);
    if changed && let Some(after) = &after {
        let previous = before.map_or_else(|| "none".to_owned(), |before| before.outcome);
        terminal.print(&format!("{id}  {previous} -> {}", after.outcome))?;
    }
    if !arguments.dry_run {
        locked.audit(AuditEntry::new(&operator_name(), "application.rechecked", Some(id)));
        locked.commit().await?;
    }
    Ok(changed)
}
