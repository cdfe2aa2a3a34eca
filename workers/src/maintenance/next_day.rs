//! A new day: applications are judged again where the day changes a check, and
//! portals are reminded of deadlines.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::civil::Date;
use pipeline::contract::events::Deadline;
use pipeline::verdict::Clock;

use super::skip_failed::skip_failed;
use crate::application_key::ApplicationKey;
use crate::registry::{ApplicationState, Due, DueList, DuePlace, LockedApplication};
use crate::runtime::clock;
use crate::services::{ServiceError, Services};
use crate::verdicts::event::EventOrigin;
use crate::verdicts::judging::{
    JudgeContext, RevisionCause, add_revision_if_changed, after_reminder, next_judge_day,
    stored_verdict,
};

/// Applications in one query.
const PAGE: u32 = 200;
/// Applications in one transaction: their workers wait for it.
const GROUP: usize = 20;
/// Groups at once: while one is judged, the database serves another.
const GROUPS: usize = 2;
/// Time of one turn; its last page is finished.
const TURN: Duration = Duration::from_secs(10);

/// The place in the lists of applications that are due.
#[derive(Default)]
pub(super) struct NextDay {
    list: DueList,
    /// The last one that was tried in this pass.
    after: DuePlace,
    is_complete: bool,
    /// Whether the last turn ended before the list did.
    has_more: bool,
}

impl NextDay {
    /// Judges and reminds applications that are due on a day, for a while: deletions and
    /// unfinished work have their turn although all applications are judged on a new day.
    ///
    /// # Errors
    /// When a service fails; the next round does the rest.
    pub(super) async fn process_due(
        &mut self,
        services: &Services,
        on: Date,
    ) -> Result<(), ServiceError> {
        let started = Instant::now();
        (self.is_complete, self.has_more) = (false, false);
        while started.elapsed() < TURN {
            let registry = &services.registry;
            let page = registry.due_applications(self.list, on, &self.after, PAGE).await?;
            let Some(last) = page.last() else {
                if self.list == DueList::Reminder {
                    *self = Self { is_complete: true, ..Self::default() };
                    return Ok(());
                }
                (self.list, self.after) = (DueList::Reminder, DuePlace::default());
                continue;
            };
            let groups = page.chunks(GROUP).map(|group| process_group(services, group, on));
            stream::iter(groups).buffer_unordered(GROUPS).try_collect::<()>().await?;
            self.after = last.place();
        }
        self.has_more = true;
        Ok(())
    }

    /// Whether the last turn ended before the list did.
    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// Whether each application that is due was tried once.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// Schedules the applications of a group that have nothing to report, and processes the others
/// one by one.
async fn process_group(services: &Services, group: &[Due], on: Date) -> Result<(), ServiceError> {
    let mut rest: Vec<_> = group.iter().map(|due| due.application.clone()).collect();
    while !rest.is_empty() {
        // one that cannot be read keeps no other: each is then tried alone
        let part = reschedule_unchanged(services, &rest, on).await.unwrap_or_default();
        let is_done = |key| part.scheduled.contains(key) || part.left_out.contains(key);
        for application in rest.iter().filter(|key| !is_done(key)) {
            let processed = process_application(services, application, on).await;
            skip_failed(services, processed, application).await?;
        }
        rest = part.left_out;
    }
    Ok(())
}

/// What was done of a group.
#[derive(Default)]
struct GroupPart {
    /// Applications that were judged and have nothing to report.
    scheduled: BTreeSet<ApplicationKey>,
    /// Applications that were not read, fewer than the group has.
    left_out: Vec<ApplicationKey>,
}

async fn reschedule_unchanged(
    services: &Services,
    group: &[ApplicationKey],
    on: Date,
) -> Result<GroupPart, ServiceError> {
    let context = JudgeContext { on, ..services.judge_context() };
    let locked = services.registry.lock_group(group).await?;
    // an application that alone has too many documents is then not left out for ever
    let left_out = if locked.members().is_empty() { &[] } else { locked.left_out() }.to_vec();
    let mut days = Vec::new();
    for member in locked.members() {
        if let Some(day) = next_judge_day(member, &context)? {
            days.push((member.record.key.clone(), day));
        }
    }
    locked.reschedule(&days).await?;
    Ok(GroupPart { scheduled: days.into_iter().map(|(key, _)| key).collect(), left_out })
}

async fn process_application(
    services: &Services,
    id: &ApplicationKey,
    on: Date,
) -> Result<(), ServiceError> {
    let mut locked = services.registry.lock(id, clock::now()).await?;
    if locked.record().state != ApplicationState::Submitted {
        return Ok(());
    }
    let context = JudgeContext { on, ..services.judge_context() };
    add_revision_if_changed(&mut locked, &context, &RevisionCause::default()).await?;
    // judged first: the deadline may have changed
    let schedule = locked.record().schedule.clone();
    if let Some(due_on) = schedule.due_on
        && schedule.next_reminder_on.is_some_and(|day| day <= on)
    {
        remind(&mut locked, due_on, on).await?;
        locked.set_schedule(&after_reminder(&schedule, on)).await?;
    }
    locked.commit().await?;
    Ok(services.attacher().attach_pending(id).await?)
}

/// Adds the event that reminds of the deadline.
async fn remind(locked: &mut LockedApplication, due: Date, on: Date) -> Result<(), ServiceError> {
    let days_left = due.since(on).map_or(0, |span| i64::from(span.get_days()));
    let application = locked.record().key.clone();
    let time = clock::now();
    let origin = EventOrigin { command_id: None, trace: None, time };
    let latest = locked.latest_revision("").await?;
    let verdict = latest.as_ref().map(stored_verdict).transpose()?;
    let clock = verdict.and_then(|verdict| verdict.body.dates.clock);
    // nobody knows that it is over
    if days_left < 0 && clock.as_ref().is_some_and(|clock| !clock.start_known) {
        return Ok(());
    }
    let data = Deadline {
        application_id: application.id().to_owned(),
        step: clock.as_ref().map(|clock| clock.step),
        due,
        days_left,
        to_confirm: clock.as_ref().is_some_and(Clock::is_to_confirm),
    };
    let event =
        origin.to_outgoing(&application, &data.into_event(application.portal().as_str(), time));
    Ok(locked.add_event(&event).await?)
}
