//! Applications that a new day concerns: a list in the order of their days, and groups that
//! are locked, read and scheduled with a few statements.

use std::collections::HashMap;

use jiff::civil::Date;
use pipeline::application::MAX_DOCUMENTS;

use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::load::{read_document, read_record, read_replacement, select_applications};
use super::record::{ApplicationRecord, DocumentRecord};
use super::replacements::Replacements;
use super::session::Session;
use super::statement::{Row, sql};
use crate::application_key::ApplicationKey;

const TABLE: &str = "applications";
/// Most documents of one group: it is held in memory. Above those of any one application.
const MOST_DOCUMENTS: usize = 2 * MAX_DOCUMENTS;

/// Why applications are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DueList {
    /// A verdict may change with the day.
    #[default]
    Judging,
    /// A deadline is to be reported.
    Reminder,
}

/// A due application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// The day.
    pub(crate) day: String,
    /// The application.
    pub(crate) application: ApplicationKey,
}

/// A place in the list, by day and application. The default is the place before all.
#[derive(Debug, Default)]
pub(crate) struct DuePlace {
    day: String,
    application: String,
}

impl Due {
    /// Returns its place in the list.
    pub(crate) fn place(&self) -> DuePlace {
        DuePlace { day: self.day.clone(), application: self.application.to_string() }
    }
}

/// An application of a group, with what its latest revision was.
pub(crate) struct GroupMember {
    /// Its record.
    pub(crate) record: ApplicationRecord,
    /// Digest and day of the latest revision; none before the first.
    pub(crate) latest: Option<(String, Date)>,
}

/// Some applications whose rows are locked. Dropped, they are unlocked without a change.
pub(crate) struct LockedGroup {
    session: Session,
    dialect: Dialect,
    members: Vec<GroupMember>,
    left_out: Vec<ApplicationKey>,
}

macro_rules! due {
    ($day:literal) => {
        concat!(
            "SELECT application_id, ",
            $day,
            " AS day FROM applications WHERE ",
            $day,
            " <= $1 AND (",
            $day,
            ", application_id) > ($2, $3) ORDER BY ",
            $day,
            ", application_id LIMIT $4"
        )
    };
}

/// A statement about the applications whose ids are in `$1`, a JSON array.
macro_rules! of_group {
    ($dialect:expr, $before:literal, $after:literal) => {
        match $dialect {
            Dialect::Postgres => {
                concat!($before, " IN (SELECT json_array_elements_text(CAST($1 AS json)))", $after)
            }
            Dialect::Sqlite => concat!($before, " IN (SELECT value FROM json_each($1))", $after),
        }
    };
}

impl Registry {
    /// Returns a page of the applications that are due by `today`, after a place.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn due_applications(
        &self,
        list: DueList,
        today: Date,
        after: &DuePlace,
        limit: u32,
    ) -> Result<Vec<Due>, RegistryError> {
        let text = match list {
            DueList::Judging => due!("next_judge_on"),
            DueList::Reminder => due!("next_reminder_on"),
        };
        let rows = sql("find due applications", text)
            .optional_date(Some(today))
            .text(&after.day)
            .text(&after.application)
            .number(limit.into())
            .fetch_all(TABLE, &mut self.read().await?)
            .await?;
        let read = |row: &Row| Ok(Due { day: row.text("day")?, application: row.application()? });
        rows.iter().map(read).collect()
    }

    /// Locks and reads some applications, in the order of their ids, until they have too many
    /// documents. Those that another transaction holds are skipped.
    ///
    /// # Errors
    /// `Unavailable`; `Corrupt` when one cannot be read.
    pub(crate) async fn lock_group(
        &self,
        applications: &[ApplicationKey],
    ) -> Result<LockedGroup, RegistryError> {
        const ACTION: &str = "lock applications";
        let ids: Vec<&str> = applications.iter().map(|application| &**application).collect();
        let ids = serde_json::json!(ids).to_string();
        let mut session = self.begin().await?;
        let text = match self.dialect {
            Dialect::Postgres => concat!(
                select_applications!(),
                "application_id IN (SELECT json_array_elements_text(CAST($1 AS json)))
                 ORDER BY application_id FOR UPDATE SKIP LOCKED"
            ),
            Dialect::Sqlite => concat!(
                select_applications!(),
                "application_id IN (SELECT value FROM json_each($1)) ORDER BY application_id"
            ),
        };
        let rows = sql(ACTION, text).text(&ids).fetch_all(TABLE, &mut session).await?;
        let mut replacements = self.replacements_of(&ids, &mut session).await?;
        let (mut documents, cut) = self.documents_of(&ids, &replacements, &mut session).await?;
        let mut latest = self.latest_of(&ids, &mut session).await?;
        let (members, left_out) = (Vec::new(), Vec::new());
        let mut group = LockedGroup { session, dialect: self.dialect, members, left_out };
        for row in &rows {
            let id = row.text("application_id")?;
            if cut.as_ref() == Some(&id) || !group.left_out.is_empty() {
                group.left_out.push(row.application()?);
                continue;
            }
            let documents = documents.remove(&id).unwrap_or_default();
            let replacements = replacements.remove(&id).unwrap_or_default();
            let record = read_record(row, documents, replacements)?;
            group.members.push(GroupMember { record, latest: latest.remove(&id) });
        }
        Ok(group)
    }

    async fn replacements_of(
        &self,
        ids: &str,
        session: &mut Session,
    ) -> Result<HashMap<String, Replacements>, RegistryError> {
        let text = of_group!(
            self.dialect,
            "SELECT document_id, replaced_by, occurred_at, application_id FROM replacements
             WHERE application_id",
            " ORDER BY occurred_at, received_at, document_id, replaced_by"
        );
        let rows = sql("read replacements", text).text(ids);
        let mut all: HashMap<String, Vec<_>> = HashMap::new();
        for row in rows.fetch_all("replacements", session).await? {
            all.entry(row.text("application_id")?).or_default().push(read_replacement(&row)?);
        }
        Ok(all.into_iter().map(|(id, own)| (id, Replacements::from_ordered(own))).collect())
    }

    /// Returns the documents by application, and the first application of which some may be
    /// missing because there are too many.
    async fn documents_of(
        &self,
        ids: &str,
        replacements: &HashMap<String, Replacements>,
        session: &mut Session,
    ) -> Result<(HashMap<String, Vec<DocumentRecord>>, Option<String>), RegistryError> {
        let text = of_group!(
            self.dialect,
            "SELECT d.document_id, d.application_id, d.stage, d.body, d.examination_state,
                    d.reason, d.occurred_at, d.rounds_requested, d.rounds_completed,
                    e.body AS examination
             FROM documents d LEFT JOIN examinations e
                 ON e.sha256 = d.sha256 AND e.kind = d.kind AND e.examiner = d.examiner
             WHERE d.application_id",
            " ORDER BY d.application_id, d.position LIMIT $2"
        );
        let find = sql("read documents", text).text(ids).number(MOST_DOCUMENTS as i64);
        let rows = find.fetch_all("documents", session).await?;
        let last = rows.last().filter(|_| rows.len() == MOST_DOCUMENTS);
        let cut = last.map(|row| row.text("application_id")).transpose()?;
        let (mut all, none) = (HashMap::<String, Vec<_>>::new(), Replacements::default());
        for row in &rows {
            let id = row.text("application_id")?;
            let document = read_document(row, replacements.get(&id).unwrap_or(&none))?;
            all.entry(id).or_default().push(document);
        }
        Ok((all, cut))
    }

    async fn latest_of(
        &self,
        ids: &str,
        session: &mut Session,
    ) -> Result<HashMap<String, (String, Date)>, RegistryError> {
        let text = of_group!(
            self.dialect,
            "SELECT r.application_id, r.digest, r.judged_on FROM revisions r
             WHERE r.scope = '' AND r.revision = (SELECT MAX(l.revision) FROM revisions l
                 WHERE l.application_id = r.application_id AND l.scope = '')
             AND r.application_id",
            ""
        );
        let rows = sql("read revisions", text).text(ids).fetch_all("revisions", session).await?;
        let read = |row: &Row| {
            Ok((row.text("application_id")?, (row.text("digest")?, row.date("judged_on")?)))
        };
        rows.iter().map(read).collect()
    }
}

impl LockedGroup {
    /// Returns the applications.
    pub(crate) fn members(&self) -> &[GroupMember] {
        &self.members
    }

    /// Returns the applications that another group has to read: this one has enough documents.
    pub(crate) fn left_out(&self) -> &[ApplicationKey] {
        &self.left_out
    }

    /// Sets the days on which applications of the group are judged next, and commits.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn reschedule(
        mut self,
        days: &[(ApplicationKey, Date)],
    ) -> Result<(), RegistryError> {
        let text = match self.dialect {
            Dialect::Postgres => {
                "UPDATE applications SET next_judge_on = n.day
                 FROM (SELECT pair ->> 0 AS id, pair ->> 1 AS day
                       FROM json_array_elements(CAST($1 AS json)) AS pairs (pair)) n
                 WHERE applications.application_id = n.id"
            }
            Dialect::Sqlite => {
                "UPDATE applications SET next_judge_on = n.day
                 FROM (SELECT json_extract(value, '$[0]') AS id,
                              json_extract(value, '$[1]') AS day FROM json_each($1)) n
                 WHERE applications.application_id = n.id"
            }
        };
        let days: Vec<(&str, &Date)> = days.iter().map(|(key, day)| (&**key, day)).collect();
        let days = serde_json::json!(days).to_string();
        let update = sql("schedule applications", text).text(&days);
        update.execute(&mut self.session).await?;
        self.session.commit().await
    }
}
