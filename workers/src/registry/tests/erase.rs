use super::*;

both! {
    a_withdrawn_application_is_a_tombstone
    an_examination_that_another_refers_to_stays
    what_the_store_must_forget_is_told_until_it_has
    what_is_old_is_forgotten
    erasing_and_examining_the_same_bytes_at_once
}

async fn a_withdrawn_application_is_a_tombstone(place: Place) {
    place.examined("A-1", &["D-1", "D-2"]).await;
    place.bury(&dead::letter("L-1", 0)).await.unwrap();
    let mut locked = place.lock("A-1", at(1)).await.unwrap();
    locked.command(&command("c-1", "aa")).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.add_revision(&new_revision("D-1", "d2")).await.unwrap();
    locked.add_event(&event("A-1", "e-1", None)).await.unwrap();
    locked.put_replacement("D-1", "D-2").await.unwrap();
    locked
        .schedule(&Schedule { due_on: Some(day("2026-02-01")), ..Schedule::default() })
        .await
        .unwrap();
    locked.commit().await.unwrap();

    let mut locked = place.lock("A-1", at(2)).await.unwrap();
    let erased = locked.withdraw(at(2), "portal").await.unwrap();
    assert_eq!(erased.verdicts, [("".into(), "d1".into()), ("D-1".into(), "d2".into())]);
    assert_eq!(erased.documents, ["D-1", "D-2"]);
    assert_eq!(erased.uploads.len(), 2);
    assert_eq!(erased.examinations.len(), 2);
    locked.add_event(&event("A-1", "its-end", None)).await.unwrap();
    locked.commit().await.unwrap();

    let mut locked = place.lock("A-1", at(3)).await.unwrap();
    let record = locked.record().clone();
    assert_eq!((record.state, record.received_at), (State::Withdrawn, at(2)));
    assert!(record.application.is_none() && record.documents.is_empty());
    let late = locked.put_document(&document("D-3"), "petition").await.unwrap_err();
    assert!(!late.may_pass(), "{late}");
    assert!(locked.put_application(&application("A-1", &[]), at(3)).await.is_err());
    assert!(locked.put_seen("D-1", &SeenRecord::Expected).await.is_err());
    assert!(locked.put_replacement("D-1", "D-2").await.is_err());
    assert!(locked.schedule(&Schedule::default()).await.is_err());
    assert!(locked.add_revision(&new_revision("", "d3")).await.is_err());
    let again = locked.command(&command("c-1", "whatever it said")).await.unwrap();
    assert_eq!(again, Taken::Again, "what it said is not known any more");
    locked.commit().await.unwrap();

    for text in [
        "SELECT COUNT(*) AS n FROM documents",
        "SELECT COUNT(*) AS n FROM examinations",
        "SELECT COUNT(*) AS n FROM revisions",
        "SELECT COUNT(*) AS n FROM replacements",
        "SELECT COUNT(*) AS n FROM events WHERE id <> 'its-end'",
        "SELECT COUNT(*) AS n FROM commands WHERE sha256 <> ''",
        "SELECT COUNT(*) AS n FROM dead_letters WHERE length(body) > 0 OR headers <> '{}'",
        "SELECT COUNT(*) AS n FROM applications WHERE COALESCE(stage, programme, body,
            accepted_on, due_on, next_judge_on, next_reminder_on) IS NOT NULL",
    ] {
        assert_eq!(place.count(text).await, 0, "{text}");
    }
    let buried = place.dead_letter("L-1").await.unwrap().unwrap();
    assert_eq!(buried.state, DeadState::Discarded);
    let audit = place.audit_rows(0, 10).await.unwrap();
    assert_eq!(audit[0].entry, AuditEntry::new("portal", "application.withdrawn", Some("A-1")));
    let unsent = place.unsent_events(None, 10, at(9)).await.unwrap();
    assert_eq!(unsent.len(), 1);
}

async fn an_examination_that_another_refers_to_stays(place: Place) {
    place.examined("A-1", &["shared", "own"]).await;
    place.examined("A-2", &["shared"]).await;
    let erased = place.forget("A-1", at(1), "keep").await.unwrap().unwrap();
    let keys: Vec<_> = erased.examinations.iter().map(|key| key.sha256.as_str()).collect();
    assert_eq!(keys, ["own"]);
    let record = place.record("A-2").await.unwrap().unwrap();
    assert!(record.documents[0].seen == examined("shared"));
    assert_eq!(place.count("SELECT COUNT(*) AS n FROM examinations").await, 1);
}

async fn what_the_store_must_forget_is_told_until_it_has(place: Place) {
    place.examined("A-1", &["D-1"]).await;
    let mut locked = place.lock("A-1", at(1)).await.unwrap();
    let first = locked.withdraw(at(1), "portal").await.unwrap();
    locked.commit().await.unwrap();
    let mut locked = place.lock("A-1", at(2)).await.unwrap();
    assert_eq!(locked.withdraw(at(2), "portal").await.unwrap(), first);
    locked.commit().await.unwrap();
    assert!(place.unerased(10, at(0)).await.unwrap().is_empty());
    assert_eq!(place.unerased(10, at(1)).await.unwrap(), [("A-1".to_owned(), first)]);
    assert_eq!(place.counts().await.unwrap().unerased.count, 1);
    place.mark_erased("A-1").await.unwrap();
    assert!(place.unerased(10, at(9)).await.unwrap().is_empty());
    let mut locked = place.lock("A-1", at(3)).await.unwrap();
    assert_eq!(locked.withdraw(at(3), "portal").await.unwrap(), Erased::default());
    locked.commit().await.unwrap();
    assert_eq!(place.verify_audit().await.unwrap().rows, 1, "it was erased once");
}

async fn what_is_old_is_forgotten(place: Place) {
    place.examined("A-1", &["D-1"]).await;
    place.examined("A-2", &["D-2"]).await;
    let mut locked = place.lock("A-1", at(100)).await.unwrap();
    locked.command(&CommandRef { received_at: at(100), ..command("c-2", "aa") }).await.unwrap();
    locked.command(&command("c-1", "aa")).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(place.expired(at(50), 10).await.unwrap(), ["A-1", "A-2"], "judging is no news");
    assert_eq!(place.expired(at(50), 1).await.unwrap(), ["A-1"]);
    let mut locked = place.lock("A-1", at(100)).await.unwrap();
    locked.put_seen("D-1", &SeenRecord::Expected).await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(place.expired(at(50), 10).await.unwrap(), ["A-2"]);
    place.forget("A-2", at(200), "keep").await.unwrap().unwrap();
    assert!(place.expired(at(100), 10).await.unwrap().is_empty());
    assert!(place.forget("A-9", at(200), "keep").await.unwrap().is_none());
    assert!(place.record("A-9").await.unwrap().is_none());
    assert_eq!(place.audit_rows(0, 9).await.unwrap()[0].entry.what, "application.forgotten");
    assert_eq!(place.drop_commands(at(50)).await.unwrap(), 1);
    let mut locked = place.lock("A-1", at(300)).await.unwrap();
    assert_eq!(locked.command(&command("c-1", "bb")).await.unwrap(), Taken::New);
    assert_eq!(locked.command(&command("c-2", "aa")).await.unwrap(), Taken::Again);
}

/// Neither an examination that a document needs is erased, nor one kept that none needs.
async fn erasing_and_examining_the_same_bytes_at_once(place: Place) {
    for round in 0..20 {
        let old = format!("old-{round}");
        let new = format!("new-{round}");
        place.examined(&old, &["same"]).await;
        let forget = {
            let (registry, old) = (place.clone(), old.clone());
            tokio::spawn(async move { registry.forget(&old, at(1), "keep").await })
        };
        let examine = {
            let (registry, new) = (place.clone(), new.clone());
            tokio::spawn(async move {
                let mut locked = registry.lock(&new, at(0)).await?;
                locked.put_document(&document("same"), "petition").await?;
                locked.put_seen("same", &examined("same")).await?;
                locked.commit().await
            })
        };
        forget.await.unwrap().unwrap();
        examine.await.unwrap().unwrap();
        let record = place.record(&new).await.unwrap().unwrap();
        assert!(record.documents[0].seen == examined("same"), "round {round}");
        place.forget(&new, at(1), "keep").await.unwrap();
        assert_eq!(place.count("SELECT COUNT(*) AS n FROM examinations").await, 0);
    }
}

/// Not a byte of what was erased is left in the files.
#[tokio::test]
async fn sqlite_writes_over_what_it_erases() {
    let place = Place::sqlite().await;
    place.examined("A-1", &["D-1"]).await;
    let folder = place._folder.as_ref().unwrap().path().to_owned();
    let found = |word: &str| {
        std::fs::read_dir(&folder).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        })
    };
    let surname = application("A-1", &[]).applicant.names[0].surname.clone();
    assert!(found(&surname) && found("P<UTO"));
    place.forget("A-1", at(1), "keep").await.unwrap();
    assert!(!found(&surname) && !found("P<UTO"));
}
