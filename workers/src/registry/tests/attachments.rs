//! Revisions that wait, and the process that attaches one.

use super::*;

both! {
    one_process_claims_a_revision
    a_revision_that_waits_is_taken_back
    a_revision_that_is_being_attached_stays
    the_text_of_a_file_is_stored_apart
}

async fn add(database: &TestDatabase, digest: &str, attach_at: Option<Timestamp>) -> Revision {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    let new = NewRevision { attach_at, ..new_revision("", digest) };
    let added = locked.add_revision(&new).await.unwrap();
    let number = Some(("", added.revision));
    locked.add_event(&event("A-1", &format!("e-{digest}"), number)).await.unwrap();
    locked.commit().await.unwrap();
    added
}

async fn one_process_claims_a_revision(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    let revision = add(&database, "d1", None).await;
    let claim = async |seconds| database.claim_revision(&revision, at(seconds)).await.unwrap();
    assert_eq!(claim(0).await, Claim::Ours);
    assert_eq!(claim(1).await, Claim::Others);
    assert_eq!(claim(10).await, Claim::Ours, "the first process was killed");
    database.release_revision(&revision).await.unwrap();
    assert_eq!(claim(11).await, Claim::Ours);
    database.mark_attached("A-1", "", 1, at(12)).await.unwrap();
    assert_eq!(claim(60).await, Claim::Over);
}

async fn a_revision_that_waits_is_taken_back(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    add(&database, "d1", None).await;
    let waiting = add(&database, "d2", Some(at(3))).await;
    let of = key("A-1");
    let open = async |seconds| {
        let open = database.unattached_revisions_of(&of, at(seconds)).await.unwrap();
        open.into_iter().map(|revision| revision.digest).collect::<Vec<_>>()
    };
    assert_eq!(open(2).await, ["d1"]);
    assert_eq!(open(3).await, ["d1", "d2"]);
    assert_eq!(database.next_attachment(&of).await.unwrap(), Some(at(3)));
    let mut locked = database.lock("A-1", at(2)).await.unwrap();
    let taken = locked.take_back(&waiting).await.unwrap().unwrap();
    assert_eq!(taken.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["e-d2"]);
    let third = locked.add_revision(&new_revision("", "d3")).await.unwrap();
    assert_eq!((third.revision, third.previous_digest.as_deref()), (2, Some("d1")));
    locked.commit().await.unwrap();
    assert_eq!(open(0).await, ["d1", "d3"]);
    assert_eq!(database.next_attachment(&of).await.unwrap(), None);
    // a process that has read it before finds that it is gone
    assert_eq!(database.claim_revision(&waiting, at(9)).await.unwrap(), Claim::Over);
}

async fn a_revision_that_is_being_attached_stays(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    let waiting = add(&database, "d1", Some(at(3))).await;
    let mut locked = database.lock("A-1", at(3)).await.unwrap();
    assert!(locked.take_back(&waiting).await.unwrap().is_none(), "its wait is over");
    locked.commit().await.unwrap();
    assert_eq!(database.claim_revision(&waiting, at(2)).await.unwrap(), Claim::Ours);
    let mut locked = database.lock("A-1", at(2)).await.unwrap();
    assert!(locked.take_back(&waiting).await.unwrap().is_none(), "a process attaches it");
    locked.commit().await.unwrap();
    assert_eq!(database.revisions("A-1").await.unwrap().len(), 1);
}

async fn the_text_of_a_file_is_stored_apart(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    let own = serde_json::json!({"pages": ["own text ".repeat(100)], "truncated": false});
    let whole = Examination { text: serde_json::from_value(own).unwrap(), ..examination("aa") };
    assert!(whole.text.is_some());
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    let state = ExaminationState::Examined(whole.clone());
    locked.put_examination_state("D-1", &state).await.unwrap();
    locked.commit().await.unwrap();
    let text = "SELECT COUNT(*) AS n FROM examinations WHERE body LIKE '%own text%'";
    assert_eq!(database.count(text).await, 0);
    let record = database.find_application("A-1").await.unwrap().unwrap();
    let ExaminationState::Examined(loaded) = &record.documents[0].examination else { panic!() };
    assert!(loaded.text.is_none(), "no step of the work reads it");
    let key = ExaminationKey::from_examination(&whole);
    assert!(database.find_examination(&key).await.unwrap() == Some(whole));
    database.delete_expired("A-1", at(99), at(99), "maintenance").await.unwrap();
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM examination_texts").await, 0);
}
