//! A new day: applications are judged again where the day changes a check, and
//! portals are reminded of deadlines.

use jiff::civil::Date;
use pipeline::contract::events::Deadline;
use pipeline::verdict::Clock;

use super::skip_failed::skip_failed;
use crate::registry::{ApplicationState, LockedApplication};
use crate::runtime::clock;
use crate::services::{ServiceError, Services};
use crate::verdicts::event::EventOrigin;
use crate::verdicts::judging::{
    JudgeContext, RevisionCause, add_revision_if_changed, after_reminder, stored_verdict,
};

/// Applications in one query.
const PAGE: u32 = 200;

/// Judges and reminds every application that is due on a day.
///
/// # Errors
/// When a service fails; the next round does the rest.
pub(super) async fn process_due(services: &Services, on: Date) -> Result<(), ServiceError> {
    let mut after = String::new();
    loop {
        let page = services.registry.due_applications(on, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for id in &page {
            let processed = process_application(services, id, on).await;
            skip_failed(services, processed, id).await?;
        }
    }
}

async fn process_application(services: &Services, id: &str, on: Date) -> Result<(), ServiceError> {
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
    let application_id = locked.record().application_id.clone();
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
        application_id: application_id.clone(),
        step: clock.as_ref().map(|clock| clock.step),
        due,
        days_left,
        to_confirm: clock.as_ref().is_some_and(Clock::is_to_confirm),
    };
    let event = origin.to_outgoing(&application_id, &data.into_event(time));
    Ok(locked.add_event(&event).await?)
}
