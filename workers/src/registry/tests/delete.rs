use super::*;

both! {
    a_withdrawn_application_is_a_tombstone
    an_examination_that_another_application_uses_stays
    folders_are_listed_until_they_are_deleted_twice
    former_examinations_are_deleted_with_the_application
    the_caller_learns_that_pictures_were_deleted
    an_active_application_is_not_deleted
    unparsed_letters_that_contain_the_id_are_discarded
    old_rows_are_deleted
    deleting_and_examining_the_same_bytes_at_once
}

async fn a_withdrawn_application_is_a_tombstone(database: TestDatabase) {
    database.store_examined("A-1", &["D-1", "D-2"]).await;
    database.store_dead_letter(&dead_letters::letter("L-1", 0)).await.unwrap();
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    locked.record_command(&command("c-1", "aa")).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.add_revision(&new_revision("D-1", "d2")).await.unwrap();
    locked.add_event(&event("A-1", "e-1", None)).await.unwrap();
    locked.put_replacement("D-1", "D-2", at(0)).await.unwrap();
    locked
        .set_schedule(&Schedule { due_on: Some(day("2026-02-01")), ..Schedule::default() })
        .await
        .unwrap();
    locked.commit().await.unwrap();

    let mut locked = database.lock("A-1", at(2)).await.unwrap();
    let folders = locked.withdraw(at(2), "portal").await.unwrap();
    assert_eq!(folders, ["applications/portal/A-1/", &pictures("D-1"), &pictures("D-2")]);
    locked.add_event(&event("A-1", "its-end", None)).await.unwrap();
    locked.commit().await.unwrap();

    let mut locked = database.lock("A-1", at(3)).await.unwrap();
    let record = locked.record().clone();
    assert_eq!((record.state, record.received_at), (ApplicationState::Withdrawn, at(2)));
    assert!(record.application.is_none() && record.documents.is_empty());
    let late = locked.put_document(&document("D-3"), "petition", at(0)).await.unwrap_err();
    assert!(!late.may_pass(), "{late}");
    assert!(locked.put_application(&application("A-1", &[]), at(3), at(3)).await.is_err());
    assert!(locked.put_examination_state("D-1", &ExaminationState::Pending).await.is_err());
    assert!(locked.put_replacement("D-1", "D-2", at(0)).await.is_err());
    assert!(locked.set_schedule(&Schedule::default()).await.is_err());
    assert!(locked.add_revision(&new_revision("", "d3")).await.is_err());
    let again = locked.record_command(&command("c-1", "other content")).await.unwrap();
    assert_eq!(again, CommandReceipt::Repeated, "the content is not known any more");
    let application = key("A-2");
    let other = CommandRef { application: &application, ..command("c-1", "other content") };
    assert_eq!(
        locked.record_command(&other).await.unwrap(),
        CommandReceipt::Conflict,
        "the application is"
    );
    locked.commit().await.unwrap();

    for text in [
        "SELECT COUNT(*) AS n FROM documents",
        "SELECT COUNT(*) AS n FROM examinations",
        "SELECT COUNT(*) AS n FROM revisions",
        "SELECT COUNT(*) AS n FROM former_examinations",
        "SELECT COUNT(*) AS n FROM replacements",
        "SELECT COUNT(*) AS n FROM events WHERE id <> 'its-end'",
        "SELECT COUNT(*) AS n FROM commands WHERE sha256 <> ''",
        "SELECT COUNT(*) AS n FROM dead_letters WHERE length(body) > 0 OR headers <> '{}'",
        "SELECT COUNT(*) AS n FROM applications WHERE COALESCE(stage, programme, body,
            accepted_on, due_on, next_judge_on, next_reminder_on) IS NOT NULL",
    ] {
        assert_eq!(database.count(text).await, 0, "{text}");
    }
    let discarded = database.dead_letter("L-1").await.unwrap().unwrap();
    assert_eq!(discarded.state, DeadLetterState::Discarded);
    let audit = database.audit_rows(0, 10).await.unwrap();
    assert_eq!(
        audit[0].entry,
        AuditEntry::new("portal", "application.withdrawn", Some("portal/A-1"))
    );
    let unsent = database.unsent_events(&[], Page::first(10), at(9)).await.unwrap().rows;
    assert_eq!(unsent.len(), 1);
}

async fn an_examination_that_another_application_uses_stays(database: TestDatabase) {
    database.store_examined("A-1", &["shared", "own"]).await;
    database.store_examined("A-2", &["shared"]).await;
    let folders =
        database.delete_expired("A-1", at(1), at(1), "maintenance").await.unwrap().unwrap();
    assert_eq!(folders, ["applications/portal/A-1/", &pictures("own")]);
    let record = database.find_application("A-2").await.unwrap().unwrap();
    assert!(record.documents[0].examination == examined("shared"));
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM examinations").await, 1);
}

fn pictures(sha256: &str) -> String {
    crate::object_keys::examination_folder(&ExaminationKey::from_examination(&examination(sha256)))
}

async fn folders_are_listed_until_they_are_deleted_twice(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    let folders = locked.withdraw(at(1), "portal").await.unwrap();
    locked.commit().await.unwrap();
    let mut sorted = folders.clone();
    sorted.sort();
    assert!(database.pending_deletions(Page::first(10), at(0)).await.unwrap().is_empty());
    assert_eq!(database.pending_deletions(Page::first(10), at(1)).await.unwrap(), sorted);
    assert_eq!(database.backlogs().await.unwrap().pending_deletions.count, 2);
    // begun and not completed: it is still pending
    drop(database.lock_deletion(&folders[0]).await.unwrap().unwrap());
    assert_eq!(database.pending_deletions(Page::first(10), at(1)).await.unwrap(), sorted);
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    assert_eq!(locked.withdraw(at(1), "portal").await.unwrap(), sorted, "withdrawn twice");
    locked.commit().await.unwrap();
    for folder in &folders {
        database.lock_deletion(folder).await.unwrap().unwrap().complete(at(1)).await.unwrap();
    }
    assert_eq!(database.backlogs().await.unwrap().pending_deletions.count, 0);

    // the second pass, for a process that was still writing during the first
    const HOUR: i64 = 3600;
    assert!(database.pending_deletions(Page::first(10), at(HOUR)).await.unwrap().is_empty());
    assert_eq!(database.pending_deletions(Page::first(10), at(HOUR + 1)).await.unwrap(), sorted);
    for folder in &folders {
        database
            .lock_deletion(folder)
            .await
            .unwrap()
            .unwrap()
            .complete(at(HOUR + 1))
            .await
            .unwrap();
    }
    assert!(database.pending_deletions(Page::first(10), at(9 * HOUR)).await.unwrap().is_empty());
    assert_eq!(database.prune_deletions(at(HOUR + 2)).await.unwrap(), 0);
    assert_eq!(database.prune_deletions(at(2 * HOUR + 1)).await.unwrap(), 2);
    assert!(database.lock_deletion(&folders[0]).await.unwrap().is_none());

    let mut locked = database.lock("A-1", at(3)).await.unwrap();
    assert_eq!(locked.withdraw(at(3), "portal").await.unwrap(), ["applications/portal/A-1/"]);
    locked.commit().await.unwrap();
    assert_eq!(
        database.pending_deletions(Page::first(10), at(3)).await.unwrap(),
        ["applications/portal/A-1/"]
    );
    assert_eq!(database.verify_audit().await.unwrap().rows, 1, "it was deleted once");
}

async fn former_examinations_are_deleted_with_the_application(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    database.store_examined("A-2", &["D-1"]).await;
    for (id, seen) in [("A-1", examined("other")), ("A-2", ExaminationState::Pending)] {
        let mut locked = database.lock(id, at(0)).await.unwrap();
        locked.put_examination_state("D-1", &seen).await.unwrap();
        locked.commit().await.unwrap();
    }
    // no document refers to it any more, but both applications did
    let first = database.delete_expired("A-1", at(1), at(1), "maintenance").await.unwrap().unwrap();
    assert_eq!(first, ["applications/portal/A-1/", &pictures("other")]);
    let second =
        database.delete_expired("A-2", at(1), at(1), "maintenance").await.unwrap().unwrap();
    assert_eq!(second, ["applications/portal/A-2/", &pictures("D-1")]);
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM examinations").await, 0);
}

async fn the_caller_learns_that_pictures_were_deleted(database: TestDatabase) {
    let key = ExaminationKey::from_examination(&examination("D-1"));
    database.store_examined("A-1", &["D-1"]).await;
    assert_eq!(
        database.release_examination(&key, at(0)).await.unwrap(),
        None,
        "a document refers to it"
    );
    database.delete_expired("A-1", at(1), at(1), "maintenance").await.unwrap();
    let mut locked = database.lock("A-2", at(2)).await.unwrap();
    assert!(!locked.lock_examination(&key).await.unwrap(), "it is deleted");
    locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
    let stored = locked.put_examination_state("D-1", &examined("D-1")).await.unwrap();
    assert_eq!(stored, StoredPictures::Deleted);
    assert!(locked.lock_examination(&key).await.unwrap());
    assert_eq!(
        locked.put_examination_state("D-1", &examined("D-1")).await.unwrap(),
        StoredPictures::Present
    );
    locked.commit().await.unwrap();
    assert!(database.lock_deletion(&pictures("D-1")).await.unwrap().is_none(), "it was cancelled");
    // one that no document refers to
    let other = ExaminationKey::from_examination(&examination("other"));
    assert_eq!(database.release_examination(&other, at(3)).await.unwrap(), Some(pictures("other")));
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM examinations").await, 1);
}

async fn an_active_application_is_not_deleted(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    assert!(database.delete_expired("A-1", at(0), at(9), "maintenance").await.unwrap().is_none());
    assert_eq!(
        database.find_application("A-1").await.unwrap().unwrap().state,
        ApplicationState::Submitted
    );
    assert!(database.delete_expired("A-1", at(1), at(9), "maintenance").await.unwrap().is_some());
}

async fn unparsed_letters_that_contain_the_id_are_discarded(database: TestDatabase) {
    for (id, body) in [("about", r#"{"application_id": "A-1", "#), ("not", r#"{"A-10", "A-2"}"#)] {
        let nameless = DeadLetter { application: None, ..dead_letters::letter(id, 0) };
        database.store_dead_letter(&DeadLetter { body: body.into(), ..nameless }).await.unwrap();
    }
    database.store_examined("A-1", &[]).await;
    database.delete_expired("A-1", at(1), at(1), "maintenance").await.unwrap();
    let about = database.dead_letter("about").await.unwrap().unwrap();
    assert!(about.body.is_empty() && about.headers == "{}");
    assert_eq!(about.state, DeadLetterState::Discarded);
    let not = database.dead_letter("not").await.unwrap().unwrap();
    assert!(!not.body.is_empty() && not.state == DeadLetterState::Waiting);
}

async fn old_rows_are_deleted(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    database.store_examined("A-2", &["D-2"]).await;
    let mut locked = database.lock("A-1", at(100)).await.unwrap();
    locked
        .record_command(&CommandRef { received_at: at(100), ..command("c-2", "aa") })
        .await
        .unwrap();
    locked.record_command(&command("c-1", "aa")).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(
        database.expired_applications(at(50), Page::first(10)).await.unwrap(),
        ["A-1", "A-2"],
        "judging is not activity"
    );
    assert_eq!(database.expired_applications(at(50), Page::first(1)).await.unwrap(), ["A-1"]);
    let mut locked = database.lock("A-1", at(100)).await.unwrap();
    locked.put_examination_state("D-1", &ExaminationState::Pending).await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(database.expired_applications(at(50), Page::first(10)).await.unwrap(), ["A-2"]);
    database.delete_expired("A-2", at(50), at(200), "maintenance").await.unwrap().unwrap();
    assert!(database.expired_applications(at(100), Page::first(10)).await.unwrap().is_empty());
    assert!(
        database.delete_expired("A-9", at(999), at(200), "maintenance").await.unwrap().is_none()
    );
    assert!(database.find_application("A-9").await.unwrap().is_none());
    assert_eq!(database.audit_rows(0, 9).await.unwrap()[0].entry.action, "application.expired");
    assert_eq!(database.prune_commands(at(50)).await.unwrap(), 1);
    let mut locked = database.lock("A-1", at(300)).await.unwrap();
    assert_eq!(locked.record_command(&command("c-1", "bb")).await.unwrap(), CommandReceipt::New);
    assert_eq!(
        locked.record_command(&command("c-2", "aa")).await.unwrap(),
        CommandReceipt::Repeated
    );
}

/// An examination is deleted if and only if no document refers to it.
async fn deleting_and_examining_the_same_bytes_at_once(database: TestDatabase) {
    for round in 0..20 {
        let old = format!("old-{round}");
        let new = format!("new-{round}");
        database.store_examined(&old, &["same"]).await;
        let delete = {
            let (registry, old) = (database.clone(), old.clone());
            tokio::spawn(async move {
                registry.delete_expired(&key(&old), at(1), at(1), "maintenance", u32::MAX).await
            })
        };
        let examine = {
            let (registry, new) = (database.clone(), new.clone());
            tokio::spawn(async move {
                let mut locked = registry.lock(&key(&new), at(0)).await?;
                locked.put_document(&document("same"), "petition", at(0)).await?;
                locked.put_examination_state("same", &examined("same")).await?;
                locked.commit().await
            })
        };
        delete.await.unwrap().unwrap();
        examine.await.unwrap().unwrap();
        let record = database.find_application(&new).await.unwrap().unwrap();
        assert!(record.documents[0].examination == examined("same"), "round {round}");
        database.delete_expired(&new, at(1), at(1), "maintenance").await.unwrap();
        assert_eq!(database.count("SELECT COUNT(*) AS n FROM examinations").await, 0);
    }
}

/// No deleted content is left in the files.
#[tokio::test]
async fn sqlite_overwrites_what_it_deletes() {
    let database = TestDatabase::sqlite().await;
    database.store_examined("A-1", &["D-1"]).await;
    let folder = database.folder.as_ref().unwrap().path().to_owned();
    let found = |word: &str| {
        std::fs::read_dir(&folder).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        })
    };
    let surname = application("A-1", &[]).applicant.names[0].surname.clone();
    assert!(found(&surname) && found("P<UTO"));
    database.delete_expired("A-1", at(1), at(1), "maintenance").await.unwrap();
    assert!(!found(&surname) && !found("P<UTO"));
}
