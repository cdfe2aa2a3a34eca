//! A database of version 2, with a row in each table, is migrated and read by this version.

use std::time::Duration;

use pipeline::digest::sha256;
use pipeline::reason::{Code, Reason};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_version_2_are_read_on_postgres() {
    check(TestDatabase::empty_at(server().create_database(), None).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_version_2_are_read_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("version-2.db").display());
    check(TestDatabase::empty_at(url, Some(folder)).await).await;
}

async fn check(database: TestDatabase) {
    for migration in &database.migrations()[..2] {
        database.run_raw(migration).await;
    }
    assert_eq!(database.check_schema().await.unwrap(), Schema::TooOld { found: 2, needed: NEWEST });
    fill_version_2(&database).await;
    database.migrate().await.unwrap();

    check_application(&database).await;
    check_outbox(&database).await;
    check_operations(&database).await;
    check_constraints(&database).await;
}

/// The examination that `D-1` has, and the one that it had before.
const PRESENT: &str = "aa";
const FORMER: &str = "bb";

async fn fill_version_2(database: &TestDatabase) {
    let run = async |text: String| database.run_raw(text.leak()).await;
    let quote = |text: String| format!("'{}'", text.replace('\'', "''"));
    let submitted = quote(json::from_application(&application("A-1", &["D-1", "D-2", "D-3"])));
    let reason = quote(json::to_text(&Reason::new(Code::FileNotFound)));
    let time = |seconds| quote(statement::format_instant(at(seconds)));
    let (t0, t1, t2, t3) = (time(0), time(1), time(2), time(3));
    run(format!(
        "INSERT INTO applications (application_id, state, stage, programme, body, received_at,
             touched_at, accepted_on, due_on, next_judge_on, next_reminder_on, said_at)
         VALUES ('A-1', 'submitted', 'petition', 'kz-dnr-2026', {submitted}, {t0}, {t1},
             '2026-01-05', '2026-02-20', '2026-02-01', '2026-02-10', {t2}),
            ('A-2', 'expected', NULL, NULL, NULL, {t0}, {t0}, NULL, NULL, NULL, NULL, NULL)"
    ))
    .await;
    let examiner = examination(PRESENT).examiner;
    for hash in [PRESENT, FORMER] {
        let body = quote(json::to_text(&examination(hash)));
        run(format!(
            "INSERT INTO examinations (sha256, kind, examiner, body, stored_at)
             VALUES ('{hash}', 'passport', '{examiner}', {body}, {t0})"
        ))
        .await;
    }
    for (position, (id, columns)) in [
        ("D-1", format!("'examined', NULL, '{PRESENT}', 'passport', '{examiner}', {t1}")),
        ("D-2", format!("'expected', NULL, NULL, NULL, NULL, {t2}")),
        ("D-3", format!("'missing', {reason}, NULL, NULL, NULL, NULL")),
    ]
    .into_iter()
    .enumerate()
    {
        let body = quote(json::from_document(&document(id)));
        run(format!(
            "INSERT INTO documents (application_id, document_id, position, stage, body, seen,
                 reason, sha256, kind, examiner, said_at)
             VALUES ('A-1', '{id}', {position}, 'petition', {body}, {columns})"
        ))
        .await;
    }
    let dead_body = match database.dialect {
        Dialect::Postgres => "'\\x00ff'::bytea",
        Dialect::Sqlite => "X'00ff'",
    };
    let details = r#"["L-2"]"#;
    let row = serde_json::json!([
        1,
        statement::format_instant(at(3)),
        "operator",
        "dead_letter.replayed",
        "A-1",
        details
    ]);
    let hash = sha256(format!("\n{row}").as_bytes());
    run(format!(
        "INSERT INTO former_examinations (application_id, sha256, kind, examiner)
             VALUES ('A-1', '{FORMER}', 'passport', '{examiner}');
         INSERT INTO replacements (application_id, document_id, replaced_by, said_at, heard_at)
             VALUES ('A-1', 'D-2', 'D-4', {t1}, {t2}), ('A-1', 'D-4', 'D-5', {t2}, {t1});
         INSERT INTO commands (source, id, kind, sha256, application_id, received_at)
             VALUES ('urn:portal', 'c-1', 'kz.tekseru.application.submitted.v1', 'aa', 'A-1', {t0});
         INSERT INTO revisions (application_id, scope, revision, digest, previous_digest,
                 judged_on, programme, outcome, complete, verdict, produced_at, attached_at)
             VALUES ('A-1', '', 1, 'd1', NULL, '2026-01-05', 'kz-dnr-2026', 'warn', 1, '{{}}', {t1}, NULL);
         INSERT INTO events (id, application_id, routing_key, body, trace, scope, revision, created_at)
             VALUES ('e-1', 'A-1', 'verdict.application', '{{}}',
                 '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', NULL, NULL, {t1});
         INSERT INTO erasures (folder, asked_at, times, erased_at)
             VALUES ('applications/A-8/', {t1}, 0, NULL), ('applications/A-9/', {t0}, 2, {t2});
         INSERT INTO dead_letters (id, queue, routing_key, message_type, message_id,
                 application_id, document_id, code, attempt, headers, body, died_at, state,
                 settled_at, settled_by)
             VALUES ('L-1', 'work.passport', 'passport', NULL, NULL, 'A-1', 'D-1', 'CRASH', 8,
                 '{{}}', {dead_body}, {t1}, 'waiting', NULL, NULL),
                ('L-2', 'work.passport', 'passport', NULL, NULL, 'A-1', 'D-1', 'CRASH', 8,
                 '{{}}', {dead_body}, {t2}, 'replayed', {t3}, 'operator'),
                ('L-3', 'work.passport', 'passport', NULL, 'A-9', NULL, NULL, 'CRASH', 8,
                 '{{}}', {dead_body}, {t3}, 'waiting', NULL, NULL);
         INSERT INTO leases (name, holder, held_until) VALUES ('keeper', 'host-1', {t2});
         INSERT INTO controls (lane, paused_by, paused_at) VALUES ('passport', 'operator', {t1});
         INSERT INTO workers (id, host, pid, version, started_at, seen_at, slots, sandbox)
             VALUES ('w-1', 'host-1', 7, '0.1.0', {t0}, {t2}, '{{}}', 'on');
         INSERT INTO audit (number, at, who, what, application_id, codes, previous, hash)
             VALUES (1, {t3}, 'operator', 'dead_letter.replayed', 'A-1', '{details}', '', '{hash}');
         UPDATE audit_head SET number = 1, hash = '{hash}'"
    ))
    .await;
}

async fn check_application(database: &TestDatabase) {
    let record = database.find_application("A-1").await.unwrap().unwrap();
    assert_eq!(record.state, ApplicationState::Submitted);
    assert!(record.application == Some(application("A-1", &["D-1", "D-2", "D-3"])));
    assert_eq!((record.received_at, record.last_activity_at), (at(0), at(1)));
    assert_eq!(record.occurred_at, Some(at(2)));
    assert_eq!(record.schedule.next_reminder_on, Some(day("2026-02-10")));
    let states: Vec<_> = record.documents.iter().map(|d| d.examination.clone()).collect();
    let unavailable = ExaminationState::Unavailable(Reason::new(Code::FileNotFound));
    assert!(states == [examined(PRESENT), ExaminationState::Pending, unavailable]);
    let times: Vec<_> = record.documents.iter().map(|d| d.occurred_at).collect();
    assert_eq!(times, [Some(at(1)), Some(at(2)), None]);
    assert!(record.documents[1].is_replaced);
    assert_eq!(record.replacements.current("D-2"), "D-5");
    let expected = database.find_application("A-2").await.unwrap().unwrap();
    assert_eq!(expected.state, ApplicationState::Expected);
    for hash in [PRESENT, FORMER] {
        let key = ExaminationKey::from_examination(&examination(hash));
        assert!(database.find_examination(&key).await.unwrap() == Some(examination(hash)));
    }
    let mut locked = database.lock("A-1", at(4)).await.unwrap();
    let receipt = locked.record_command(&command("c-1", "aa")).await.unwrap();
    assert_eq!(receipt, CommandReceipt::Repeated);
}

async fn check_outbox(database: &TestDatabase) {
    let revision = database.latest_revision("A-1", "").await.unwrap().unwrap();
    assert_eq!((revision.revision, revision.digest.as_str()), (1, "d1"));
    assert!(database.judged_inputs(&revision.key()).await.unwrap().is_none());
    assert_eq!(database.unattached_revisions(Page::first(9), at(9)).await.unwrap().rows.len(), 1);
    let events = database.unsent_events(&[], Page::first(9), at(9)).await.unwrap().rows;
    assert_eq!(events.len(), 1);
    assert!(events[0].trace.is_some());
    assert_eq!(
        database.pending_deletions(Page::first(9), at(9)).await.unwrap(),
        ["applications/portal/A-8/"]
    );
    assert_eq!(database.prune_deletions(at(3602)).await.unwrap(), 1);
}

async fn check_operations(database: &TestDatabase) {
    let letters = database.list_dead_letters(&DeadLetterFilter::default(), None, 9).await.unwrap();
    let [waiting, replayed, unparsed] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!((waiting.state, waiting.dead_lettered_at), (DeadLetterState::Waiting, at(1)));
    let whole = database.dead_letter("L-1").await.unwrap().unwrap();
    assert_eq!((whole.body, waiting.bytes), (vec![0, 255], 2));
    assert_eq!(replayed.state, DeadLetterState::Replayed);
    assert_eq!(
        (replayed.resolved_at, replayed.resolved_by.as_deref()),
        (Some(at(3)), Some("operator"))
    );
    let lease = database.acquire_lease("maintenance", "host-2", Duration::from_secs(9)).await;
    assert!(lease.unwrap(), "it expired");
    assert!(database.paused_lanes().await.unwrap().contains("passport"));
    let workers = database.active_workers(at(2)).await.unwrap();
    assert_eq!((workers.len(), workers[0].last_heartbeat_at), (1, at(2)));
    let head = database.verify_audit().await.unwrap();
    assert_eq!((head.rows, head.broken_at), (1, None));
    let entry = &database.audit_rows(0, 9).await.unwrap()[0].entry;
    assert_eq!((entry.actor.as_str(), entry.action.as_str()), ("operator", "dead_letter.replayed"));
    assert_eq!(entry.details, ["L-2"]);
    check_unparsed(database, &unparsed.id).await;
}

async fn check_unparsed(database: &TestDatabase, id: &str) {
    // what it mentions is stored by maintenance
    assert_eq!(database.letters_without_mentions(Page::first(9)).await.unwrap(), [id]);
    database.complete_mentions(id, at(9)).await.unwrap();
    assert!(database.letters_without_mentions(Page::first(9)).await.unwrap().is_empty());
    let mut locked = database.lock_to_delete("A-9", at(9)).await.unwrap();
    locked.withdraw(at(9), "portal").await.unwrap();
    locked.commit().await.unwrap();
    let emptied = database.dead_letter(id).await.unwrap().unwrap();
    assert_eq!((emptied.state, emptied.body), (DeadLetterState::Discarded, vec![]));
}

/// Checks, references and indices are those of a new database, and a deletion finds every row.
async fn check_constraints(database: &TestDatabase) {
    let try_run = async |text| database.write().await.unwrap().run_raw("try", text).await;
    for text in [
        "UPDATE documents SET examination_state = 'expected'",
        "INSERT INTO documents (application_id, document_id, position, stage, body, examination_state)
         VALUES ('A-7', 'D-1', 0, 'petition', '{}', 'pending')",
        "UPDATE documents SET sha256 = 'cc' WHERE document_id = 'D-1'",
        "DELETE FROM examinations",
    ] {
        assert!(try_run(text).await.is_err(), "{text}");
    }
    let indices = match database.dialect {
        Dialect::Postgres => {
            "SELECT COUNT(*) AS n FROM pg_indexes WHERE indexname IN
             ('documents_examination', 'documents_pkey', 'applications_last_activity', 'deletions_pkey')"
        }
        Dialect::Sqlite => {
            "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'index' AND name IN
             ('documents_examination', 'sqlite_autoindex_documents_1', 'applications_last_activity',
              'sqlite_autoindex_deletions_1')"
        }
    };
    assert_eq!(database.count(indices).await, 4);
    database.delete_expired("A-1", at(99), at(99), "maintenance").await.unwrap().unwrap();
    for table in [
        "SELECT COUNT(*) AS n FROM documents",
        "SELECT COUNT(*) AS n FROM examinations",
        "SELECT COUNT(*) AS n FROM former_examinations",
        "SELECT COUNT(*) AS n FROM replacements",
    ] {
        assert_eq!(database.count(table).await, 0, "{table}");
    }
}
