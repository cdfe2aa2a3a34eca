use super::*;

both! {
    revisions_are_chained
    inputs_are_stored_with_their_revision
    revisions_wait_for_attachment
    events_wait_for_attachment
    an_event_is_added_once
}

async fn revisions_are_chained(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    assert!(locked.latest_revision("").await.unwrap().is_none());
    let first = locked.add_revision(&new_revision("", "d1")).await.unwrap();
    assert_eq!((first.revision, first.previous_digest.as_deref()), (1, None));
    let second = locked.add_revision(&new_revision("", "d2")).await.unwrap();
    assert_eq!((second.revision, second.previous_digest.as_deref()), (2, Some("d1")));
    let other = locked.add_revision(&new_revision("D-1", "d3")).await.unwrap();
    assert_eq!((other.revision, other.previous_digest.as_deref()), (1, None));
    assert!(locked.latest_revision("").await.unwrap() == Some(second.clone()));
    locked.commit().await.unwrap();

    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    let third = locked.add_revision(&new_revision("", "d1")).await.unwrap();
    assert_eq!((third.revision, third.previous_digest.as_deref()), (3, Some("d2")));
    locked.commit().await.unwrap();
    assert!(database.latest_revision("A-1", "").await.unwrap() == Some(third.clone()));
    assert!(database.revision("A-1", "", 2).await.unwrap() == Some(second.clone()));
    assert!(database.revision("A-1", "", 4).await.unwrap().is_none());
    assert!(database.latest_revision("A-2", "").await.unwrap().is_none());
    assert!(database.revisions("A-1").await.unwrap() == [first, second, third, other]);
}

async fn inputs_are_stored_with_their_revision(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    let first = locked.add_revision(&new_revision("", "d1")).await.unwrap();
    let other = JudgedInputs { received_at: at(8), ..inputs() };
    let new = NewRevision { inputs: other.clone(), ..new_revision("", "d2") };
    let second = locked.add_revision(&new).await.unwrap();
    locked.commit().await.unwrap();
    assert!(database.judged_inputs(&first.key()).await.unwrap() == Some(inputs()));
    assert!(database.judged_inputs(&second.key()).await.unwrap() == Some(other));
    let shown = format!("{:?} {new:?}", inputs());
    assert!(!shown.contains("ANNA") && shown.len() < 400, "{shown}");

    database.delete_expired("A-1", at(99), at(99), "maintenance").await.unwrap().unwrap();
    assert!(database.judged_inputs(&first.key()).await.unwrap().is_none());
    let left = "SELECT COUNT(*) AS n FROM revisions WHERE inputs IS NOT NULL";
    assert_eq!(database.count(left).await, 0);
}

async fn revisions_wait_for_attachment(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    for (digest, seconds) in [("d1", 10), ("d2", 20), ("d3", 30)] {
        let new = NewRevision { produced_at: at(seconds), ..new_revision("", digest) };
        locked.add_revision(&new).await.unwrap();
    }
    locked.commit().await.unwrap();
    let digests = async |limit, older_than| -> Vec<String> {
        let found =
            database.unattached_revisions(Page::first(limit), older_than).await.unwrap().rows;
        found.into_iter().map(|revision| revision.digest).collect()
    };
    assert_eq!(digests(10, at(20)).await, ["d1", "d2"]);
    assert_eq!(digests(1, at(99)).await, ["d1"]);
    database.mark_attached("A-1", "", 1, at(40)).await.unwrap();
    database.mark_attached("A-1", "", 1, at(50)).await.unwrap();
    assert_eq!(digests(10, at(99)).await, ["d2", "d3"]);
    let first = database.revision("A-1", "", 1).await.unwrap().unwrap();
    assert_eq!(first.attached_at, Some(at(40)), "the first instant is kept");
}

async fn events_wait_for_attachment(database: TestDatabase) {
    for id in ["A-1", "A-2"] {
        database.store_examined(id, &[]).await;
        let mut locked = database.lock(id, at(10)).await.unwrap();
        locked.add_revision(&new_revision("", "d1")).await.unwrap();
        locked.add_revision(&new_revision("", "d2")).await.unwrap();
        locked.add_event(&event(id, &format!("{id}-1"), Some(("", 1)))).await.unwrap();
        locked.add_event(&event(id, &format!("{id}-2"), Some(("", 2)))).await.unwrap();
        locked.add_event(&event(id, &format!("{id}-plain"), None)).await.unwrap();
        locked.commit().await.unwrap();
    }
    let ids = async |application: Option<&str>, older_than| -> Vec<String> {
        let page = Page::first(10);
        let found = match application {
            Some(id) => database.unsent_events_of(&key(id), page, older_than).await,
            None => database.unsent_events(&[], page, older_than).await,
        };
        found.unwrap().rows.into_iter().map(|event| event.id).collect()
    };
    assert_eq!(ids(None, at(10)).await, ["A-1-plain", "A-2-plain"]);
    assert!(ids(None, at(9)).await.is_empty(), "too new");
    database.mark_attached("A-1", "", 1, at(11)).await.unwrap();
    assert_eq!(ids(Some("A-1"), at(10)).await, ["A-1-1", "A-1-plain"]);
    database.mark_attached("A-2", "", 2, at(11)).await.unwrap();
    assert_eq!(ids(Some("A-2"), at(10)).await, ["A-2-1", "A-2-2", "A-2-plain"]);
    database.mark_sent("A-2-1", at(12)).await.unwrap();
    assert_eq!(ids(Some("A-2"), at(10)).await, ["A-2-2", "A-2-plain"]);
    assert_eq!(
        database.backlogs().await.unwrap().unsent_events,
        Backlog { count: 5, oldest: Some(at(10)) }
    );
    let found = database.unsent_events_of(&key("A-1"), Page::first(1), at(10)).await.unwrap().rows;
    assert!(found == [event("A-1", "A-1-1", Some(("", 1)))]);
    let held = ["portal".to_owned()];
    let others = database.unsent_events(&held, Page::first(10), at(10)).await.unwrap();
    assert_eq!(others.len(), 0, "nothing is read that waits for a full queue");
}

async fn an_event_is_added_once(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.add_event(&event("A-1", "e", None)).await.unwrap();
    let again = OutgoingEvent { body: "{}".to_owned(), ..event("A-1", "e", None) };
    locked.add_event(&again).await.unwrap();
    let others = locked.add_event(&event("A-2", "f", None)).await.unwrap_err();
    assert!(!others.may_pass());
    locked.commit().await.unwrap();
    database.mark_sent("e", at(1)).await.unwrap();
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.add_event(&event("A-1", "e", None)).await.unwrap();
    locked.commit().await.unwrap();
    assert!(
        database.unsent_events(&[], Page::first(10), at(9)).await.unwrap().rows.is_empty(),
        "it is sent"
    );
}
