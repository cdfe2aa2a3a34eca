//! How data becomes an event: its type, subject and id.

use jiff::Timestamp;

use super::data::{
    ACCEPTED, APPLICATION_VERDICT, Accepted, ApplicationVerdictEvent, DEADLINE, DOCUMENT_VERDICT,
    Deadline, DocumentVerdictEvent, FAILED, Failed, Problem, REJECTED,
};
use crate::contract::message::{CloudEvent, EventData};

impl EventData for Accepted {
    const TYPE: &'static str = ACCEPTED;

    fn subject(&self) -> Option<String> {
        Some(self.application_id.clone())
    }
}

impl EventData for DocumentVerdictEvent {
    const TYPE: &'static str = DOCUMENT_VERDICT;

    fn subject(&self) -> Option<String> {
        Some(format!("{}/{}", self.application_id, self.document_id))
    }
}

impl EventData for ApplicationVerdictEvent {
    const TYPE: &'static str = APPLICATION_VERDICT;

    fn subject(&self) -> Option<String> {
        Some(self.application_id.clone())
    }
}

impl EventData for Problem {
    const TYPE: &'static str = REJECTED;

    /// A problem does not name its application; the message that has it may.
    fn subject(&self) -> Option<String> {
        None
    }
}

impl EventData for Failed {
    const TYPE: &'static str = FAILED;

    fn subject(&self) -> Option<String> {
        let application_id = self.application_id.as_ref()?;
        Some(match &self.document_id {
            Some(document_id) => format!("{application_id}/{document_id}"),
            None => application_id.clone(),
        })
    }
}

impl EventData for Deadline {
    const TYPE: &'static str = DEADLINE;

    fn subject(&self) -> Option<String> {
        Some(self.application_id.clone())
    }
}

impl Deadline {
    /// Creates the event. There is one event for each day of reminder: ten days
    /// and three days before the deadline, and after it. An application of another `portal`
    /// with the same id has other events.
    #[must_use]
    pub fn into_event(self, portal: &str, time: Timestamp) -> CloudEvent<Self> {
        let reminder = match self.days_left {
            ..0 => "overdue",
            0..=3 => "3",
            _ => "10",
        };
        let (application_id, due) = (self.application_id.clone(), self.due.to_string());
        CloudEvent::from_data(self, &[portal, &application_id, &due, reminder], time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::message::stable_id;

    #[test]
    fn a_reminder_has_one_id_for_each_day_of_reminder() {
        let id = |days_left| {
            let due = jiff::civil::date(2026, 2, 15);
            let deadline = Deadline {
                application_id: "A-1".to_owned(),
                step: None,
                due,
                days_left,
                to_confirm: false,
            };
            deadline.into_event("kz", Timestamp::UNIX_EPOCH).id
        };
        let expected = |reminder| stable_id(&[DEADLINE, "kz", "A-1", "2026-02-15", reminder]);
        for (days_left, reminder) in
            [(10, "10"), (4, "10"), (3, "3"), (0, "3"), (-1, "overdue"), (-30, "overdue")]
        {
            assert_eq!(id(days_left), expected(reminder), "{days_left}");
        }
    }

    #[test]
    fn an_event_has_type_subject_and_routing_key_of_its_data() {
        let failed = Failed {
            application_id: Some("A-1".to_owned()),
            document_id: Some("D-1".to_owned()),
            code: "DISK".to_owned(),
            attempts: 8,
        };
        let event = CloudEvent::from_data(failed, &["row"], Timestamp::UNIX_EPOCH);
        assert_eq!((event.kind.as_str(), event.subject.as_deref()), (FAILED, Some("A-1/D-1")));
        assert_eq!(event.id, stable_id(&[FAILED, "row"]));
        assert_eq!(Failed::routing_key(), "failed");
        assert_eq!(DocumentVerdictEvent::routing_key(), "document.verdict");
    }
}
