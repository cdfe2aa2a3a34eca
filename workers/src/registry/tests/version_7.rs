//! A database of version 7 with rows in every table, as its program wrote them, is migrated
//! and read completely. `tests/tests/cluster/dump.rs` says what was done.

use std::time::Duration;

use pipeline::verdict::Verdict;

use super::*;

const ROWS: &str = include_str!("version_7/rows.sql");
/// Every table of version 7, but `dead_letter_mentions`: maintenance fills that again.
const TABLES: [&str; 16] = [
    "applications",
    "audit",
    "audit_head",
    "commands",
    "dead_letters",
    "deletions",
    "documents",
    "events",
    "examinations",
    "former_examinations",
    "latest_checks",
    "leases",
    "paused_lanes",
    "replacements",
    "revisions",
    "workers",
];
/// Applications that were not withdrawn.
const JUDGED: [&str; 5] = ["ALONE-1", "CHANGED-1", "JUDGED-1", "MISSING-1", "PENDING-1"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_read_on_postgres() {
    let database = TestDatabase::empty_at(server().create_database(), None).await;
    let (tables, keys) = include_str!("version_7/postgres.sql").split_once("-- the rows").unwrap();
    for part in [tables, ROWS, keys] {
        database.run_raw(part).await;
    }
    check(database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_read_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("version-7.db").display());
    let database = TestDatabase::empty_at(url, Some(folder)).await;
    database.run_raw(include_str!("version_7/sqlite.sql")).await;
    // rows are in the order of their tables' names
    let rows = ROWS.replace(r"'\x", "X'");
    let rows = format!("PRAGMA foreign_keys = OFF; {rows}; PRAGMA foreign_keys = ON");
    database.run_raw(rows.leak()).await;
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM pragma_foreign_key_check").await, 0);
    check(database).await;
}

/// Returns an instant after all of the rows.
fn later() -> Timestamp {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

async fn check(database: TestDatabase) {
    assert_eq!(database.check_schema().await.unwrap(), Schema::TooOld { found: 7, needed: NEWEST });
    let before = count_rows(&database).await;
    assert!(before.iter().all(|rows| *rows > 0), "{before:?}");
    database.migrate().await.unwrap();
    assert_eq!(count_rows(&database).await, before);

    check_applications(&database).await;
    for id in JUDGED {
        check_revisions(&database, id).await;
    }
    check_outbox(&database).await;
    check_dead_letters(&database).await;
    check_processes(&database).await;
    check_commands(&database).await;
    check_deletion(&database).await;
}

async fn count_rows(database: &TestDatabase) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        let text = format!("SELECT COUNT(*) AS n FROM {table}").leak();
        counts.push(database.count(text).await);
    }
    counts
}

async fn check_applications(database: &TestDatabase) {
    let mut states = Vec::new();
    for id in JUDGED.into_iter().chain(["WITHDRAWN-1"]) {
        let record = database.find_application(id).await.unwrap().unwrap();
        for document in &record.documents {
            let ExaminationState::Examined(examination) = &document.examination else { continue };
            let key = ExaminationKey::from_examination(examination);
            assert!(database.find_examination(&key).await.unwrap().as_ref() == Some(examination));
            assert!(!examination.pages.is_empty());
        }
        let known = |document: &DocumentRecord| format!("{:?}", document.examination);
        let documents: Vec<_> = record.documents.iter().map(known).collect();
        let has_form = record.application.is_some();
        states.push((id, record.state, has_form, documents.join(" ")));
        assert!(record.state != ApplicationState::Submitted || record.schedule.due_on.is_some());
    }
    let (submitted, expected) = (ApplicationState::Submitted, ApplicationState::Expected);
    let known = |id, state, has_form, documents: &str| (id, state, has_form, documents.to_owned());
    assert_eq!(
        states,
        [
            known("ALONE-1", expected, false, "examined"),
            known("CHANGED-1", submitted, true, "examined"),
            known("JUDGED-1", submitted, true, "examined examined examined"),
            known("MISSING-1", submitted, true, "unavailable"),
            known("PENDING-1", submitted, true, "pending examined"),
            known("WITHDRAWN-1", ApplicationState::Withdrawn, false, ""),
        ]
    );
    let judged = database.find_application("JUDGED-1").await.unwrap().unwrap();
    assert_eq!(judged.replacements.current("D-2"), "portrait-2");
    assert_eq!(judged.documents.iter().filter(|document| document.is_replaced).count(), 1);
}

async fn check_revisions(database: &TestDatabase, id: &str) {
    let revisions = database.revisions(id).await.unwrap();
    assert!(!revisions.is_empty(), "{id}");
    for revision in &revisions {
        let verdict: Verdict = serde_json::from_str(&revision.verdict).unwrap();
        // the body that is read is the one that was written
        assert_eq!(Verdict::new(verdict.body, verdict.envelope).digest, revision.digest);
        let inputs = database.judged_inputs(&revision.key()).await.unwrap().unwrap();
        assert_eq!(inputs.application.application_id, id);
        assert!(!inputs.outcomes.is_empty() || !revision.complete, "{revision:?}");
    }
    let latest = database.latest_revision(id, &revisions[0].scope).await.unwrap().unwrap();
    let of_scope = revisions.iter().rfind(|one| one.scope == latest.scope);
    assert!(of_scope == Some(&latest), "{id}");
}

async fn check_outbox(database: &TestDatabase) {
    let now = later();
    let events = database.unsent_events(&[], Page::first(99), now).await.unwrap();
    assert!(!events.rows.is_empty() && events.unreadable.is_empty());
    for event in &events.rows {
        let body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
        assert_eq!(body["id"], event.id.as_str());
    }
    assert!(events.rows.iter().any(|event| event.trace.is_some()));
    database.unattached_revisions(Page::first(99), now).await.unwrap();
    assert!(!database.due_latest_checks(99, now).await.unwrap().is_empty());
    assert_eq!(
        database.pending_deletions(Page::first(99), now).await.unwrap().len() as i64,
        database.count("SELECT COUNT(*) AS n FROM deletions WHERE passes < 2").await
    );
}

async fn check_dead_letters(database: &TestDatabase) {
    let all = DeadLetterFilter::default();
    let letters = database.list_dead_letters(&all, None, 99).await.unwrap();
    assert_eq!(letters.len(), 3);
    for listed in &letters {
        let letter = database.dead_letter(&listed.id).await.unwrap().unwrap();
        assert_eq!(letter.body.len() as u64, listed.bytes);
        assert!(!letter.body.is_empty());
    }
    let replayed = letters.iter().filter(|letter| letter.state == DeadLetterState::Replayed);
    assert_eq!(replayed.count(), 1);
    for id in database.letters_without_mentions(Page::first(9)).await.unwrap() {
        database.complete_mentions(&id, later()).await.unwrap();
    }
    let mut locked = database.lock_to_delete("UNPARSED-1", later()).await.unwrap();
    locked.withdraw(later(), "portal").await.unwrap();
    locked.commit().await.unwrap();
    let discarded = DeadLetterFilter { state: Some(DeadLetterState::Discarded), ..all };
    let emptied = database.list_dead_letters(&discarded, None, 99).await.unwrap();
    assert_eq!(emptied.iter().map(|letter| letter.bytes).collect::<Vec<_>>(), [0]);
}

async fn check_processes(database: &TestDatabase) {
    assert!(database.paused_lanes().await.unwrap().contains("passport"));
    let workers = database.active_workers(Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!(workers.iter().map(|worker| worker.id.as_str()).collect::<Vec<_>>(), ["worker-1"]);
    let lease = database.acquire_lease("maintenance", "another", Duration::from_secs(9)).await;
    assert!(lease.unwrap(), "it expired");
    let audit = database.verify_audit().await.unwrap();
    assert_eq!(audit.broken_at, None);
    let rows = database.audit_rows(0, 99).await.unwrap();
    assert_eq!(rows.len() as u64, audit.rows);
    assert!(rows.iter().any(|row| row.entry.action == "dead_letter.replayed"));
}

async fn check_commands(database: &TestDatabase) {
    let mut locked = database.lock("JUDGED-1", later()).await.unwrap();
    let application = key("JUDGED-1");
    let conflict = CommandRef { application: &application, ..command("c-1", "aa") };
    let receipt = locked.record_command(&conflict).await.unwrap();
    assert_eq!(receipt, CommandReceipt::Conflict, "it is known with other data");
}

async fn check_deletion(database: &TestDatabase) {
    let now = later();
    for id in JUDGED {
        assert!(database.delete_expired(id, now, now, "maintenance").await.unwrap().is_some());
    }
    for table in [
        "documents",
        "revisions",
        "events WHERE sent_at IS NULL",
        "examinations",
        "former_examinations",
        "replacements",
        "latest_checks",
    ] {
        let text = format!("SELECT COUNT(*) AS n FROM {table}").leak();
        assert_eq!(database.count(text).await, 0, "{table}");
    }
    assert_eq!(database.verify_audit().await.unwrap().broken_at, None);
}
