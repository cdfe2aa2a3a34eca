//! A day has passed: applications are judged again where that changes
//! something, and deadlines are told.

use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::contract::events::{DEADLINE, Deadline};
use pipeline::contract::message::{CloudEvent, stable_id};

use super::go_on;
use crate::registry::{ApplicationState, LockedApplication, OutgoingEvent};
use crate::services::Services;
use crate::verdicts::attach;
use crate::verdicts::judging::{Cause, Judge, reminded, revise};
use crate::worker::WorkError;

/// Applications in one go.
const PAGE: u32 = 200;

/// Does for every application what `on` asks for.
///
/// # Errors
/// When a service fails; the rest is done in the next round.
pub(super) async fn passed(services: &Services, on: Date) -> Result<(), WorkError> {
    let mut after = String::new();
    loop {
        let page = services.registry.due_applications(on, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for id in &page {
            go_on(services, one(services, id, on).await, id).await?;
        }
    }
}

async fn one(services: &Services, id: &str, on: Date) -> Result<(), WorkError> {
    let mut locked = services.registry.lock(id, Timestamp::now()).await?;
    if locked.record().state != ApplicationState::Submitted {
        return Ok(());
    }
    revise(&mut locked, &Judge { on, ..services.judge() }, &Cause::default()).await?;
    // judged first: the last day may be another now
    let known = locked.record().schedule.clone();
    if let Some(due_on) = known.due_on
        && known.next_reminder_on.is_some_and(|day| day <= on)
    {
        remind(&mut locked, due_on, on).await?;
        locked.set_schedule(&reminded(&known, on)).await?;
    }
    locked.commit().await?;
    attach::pending(services, id).await
}

/// Tells the deadline once for each of its days: the same reminder has the same id.
async fn remind(locked: &mut LockedApplication, due: Date, on: Date) -> Result<(), WorkError> {
    let days_left = due.since(on).map_or(0, |span| i64::from(span.get_days()));
    let step = if days_left < 0 {
        "overdue"
    } else if days_left <= 3 {
        "3"
    } else {
        "10"
    };
    let application_id = locked.record().application_id.clone();
    let id = stable_id(&[DEADLINE, &application_id, &due.to_string(), step]);
    let said = Deadline { application_id: application_id.clone(), due, days_left };
    let about = Some(application_id.clone());
    let event = CloudEvent::new(DEADLINE, id.clone(), about, Timestamp::now(), said);
    let event = OutgoingEvent {
        id,
        application_id,
        routing_key: "deadline.approaching".to_owned(),
        body: event.to_json(),
        trace: None,
        revision: None,
    };
    Ok(locked.add_event(&event).await?)
}
