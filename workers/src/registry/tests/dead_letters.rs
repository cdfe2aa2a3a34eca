use super::*;

both! {
    dead_letters_are_stored_once_and_resolved_once
    dead_letters_are_selected_by_the_filter
    a_letter_of_a_withdrawn_application_is_empty
    resolved_letters_are_pruned
}

pub(super) fn letter(id: &str, seconds: i64) -> DeadLetter {
    DeadLetter {
        id: id.to_owned(),
        portal: Some(Portal::default()),
        queue: "work.passport".to_owned(),
        routing_key: "passport\0".to_owned(),
        message_type: Some("kz.tekseru.document.submitted.v1".to_owned()),
        message_id: None,
        application: Some(key("A-1")),
        document_id: Some("D-1".to_owned()),
        code: "STORAGE_UNAVAILABLE".to_owned(),
        attempt: 8,
        headers: r#"{"x-attempt":8}"#.to_owned(),
        body: vec![0, 159, 146, 150],
        dead_lettered_at: at(seconds),
        state: DeadLetterState::Waiting,
        resolved_at: None,
        resolved_by: None,
    }
}

async fn dead_letters_are_stored_once_and_resolved_once(database: TestDatabase) {
    database.store_dead_letter(&letter("L-1", 0)).await.unwrap();
    database
        .store_dead_letter(&DeadLetter { code: "OTHER".to_owned(), ..letter("L-1", 5) })
        .await
        .unwrap();
    let kept = DeadLetter { routing_key: "passport\u{fffd}".to_owned(), ..letter("L-1", 0) };
    assert!(database.dead_letter("L-1").await.unwrap() == Some(kept.clone()));
    assert_eq!(
        database.backlogs().await.unwrap().dead_letters,
        Backlog { count: 1, oldest: Some(at(0)) }
    );

    let resolve = async |resolution| {
        database.resolve_dead_letter("L-1", resolution, "operator", at(9)).await.unwrap()
    };
    assert!(resolve(Resolution::Replayed).await);
    assert!(!resolve(Resolution::Discarded).await, "it is resolved");
    assert!(!database.resolve_dead_letter("L-2", Resolution::Replayed, "o", at(9)).await.unwrap());
    let resolved = DeadLetter {
        state: DeadLetterState::Replayed,
        resolved_at: Some(at(9)),
        resolved_by: Some("operator".to_owned()),
        ..kept
    };
    assert!(database.dead_letter("L-1").await.unwrap() == Some(resolved));
    assert_eq!(database.backlogs().await.unwrap().dead_letters, Backlog::default());
    let again = database.store_dead_letter(&letter("L-1", 20)).await.unwrap();
    assert_ne!(again, "L-1", "it failed again");
    assert_eq!(
        database.store_dead_letter(&letter("L-1", 30)).await.unwrap(),
        again,
        "and was stored twice"
    );
    assert_eq!(
        database.backlogs().await.unwrap().dead_letters,
        Backlog { count: 1, oldest: Some(at(20)) }
    );
    let audit = database.audit_rows(0, 10).await.unwrap();
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].entry.action, "dead_letter.replayed");
    assert_eq!(audit[0].entry.details, ["L-1", "STORAGE_UNAVAILABLE"]);
    let shown = format!("{:?}", letter("L-1", 0));
    assert!(!shown.contains("159") && !shown.contains("x-attempt"), "{shown}");
}

async fn dead_letters_are_selected_by_the_filter(database: TestDatabase) {
    database.store_dead_letter(&letter("a", 10)).await.unwrap();
    database
        .store_dead_letter(&DeadLetter { code: "CRASH".to_owned(), ..letter("b", 20) })
        .await
        .unwrap();
    database
        .store_dead_letter(&DeadLetter { queue: "work.paper".to_owned(), ..letter("c", 5) })
        .await
        .unwrap();
    let nameless = DeadLetter { application: None, ..letter("d", 30) };
    database.store_dead_letter(&nameless).await.unwrap();
    database.resolve_dead_letter("a", Resolution::Discarded, "operator", at(40)).await.unwrap();

    let check = async |filter: DeadLetterFilter, expected: &[&str]| {
        let found = database.list_dead_letters(&filter, None, 10).await.unwrap();
        let ids: Vec<_> = found.iter().map(|letter| letter.id.as_str()).collect();
        assert_eq!(ids, expected, "{filter:?}");
    };
    let all = DeadLetterFilter::default;
    check(all(), &["c", "a", "b", "d"]).await;
    check(DeadLetterFilter { state: Some(DeadLetterState::Waiting), ..all() }, &["c", "b", "d"])
        .await;
    check(DeadLetterFilter { state: Some(DeadLetterState::Discarded), ..all() }, &["a"]).await;
    check(DeadLetterFilter { code: Some("CRASH".to_owned()), ..all() }, &["b"]).await;
    check(DeadLetterFilter { queue: Some("work.paper".to_owned()), ..all() }, &["c"]).await;
    for (beginning, expected) in [("b", &["b"][..]), ("bb", &[]), ("", &["a", "b", "c"])] {
        let found = database.dead_letters_beginning(beginning, 3).await.unwrap();
        let ids: Vec<_> = found.iter().map(|letter| letter.id.as_str()).collect();
        assert_eq!(ids, expected, "{beginning}");
    }
    let of = DeadLetterFilter { application: Some(key("A-1")), ..all() };
    check(of, &["c", "a", "b"]).await;
    let between = DeadLetterFilter { since: Some(at(10)), until: Some(at(20)), ..all() };
    check(between, &["a"]).await;
    // page by page; `e` failed at the same time as `b`
    database.store_dead_letter(&letter("e", 20)).await.unwrap();
    let (mut last, mut found) = (None, Vec::new());
    while let [one, other @ ..] =
        &database.list_dead_letters(&all(), last.as_ref(), 2).await.unwrap()[..]
    {
        found.extend([one].into_iter().chain(other).map(|letter| letter.id.clone()));
        last = other.first().or(Some(one)).cloned();
    }
    assert_eq!(found, ["c", "a", "b", "e", "d"]);
    assert_eq!(last.unwrap().bytes, 4);
}

async fn a_letter_of_a_withdrawn_application_is_empty(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    database.delete_expired("A-1", at(999), at(1), "maintenance").await.unwrap();
    database.store_dead_letter(&letter("L-1", 2)).await.unwrap();
    let kept = database.dead_letter("L-1").await.unwrap().unwrap();
    assert!(kept.body.is_empty() && kept.headers == "{}");
    assert_eq!(kept.state, DeadLetterState::Discarded);
}

async fn resolved_letters_are_pruned(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    for (id, seconds) in [("old", 0), ("waiting", 0), ("new", 50)] {
        database.store_dead_letter(&letter(id, seconds)).await.unwrap();
    }
    // their applications were never submitted: nothing else deletes them
    for (id, of) in [("nameless", None), ("unknown", Some(key("A-9")))] {
        database.store_dead_letter(&DeadLetter { application: of, ..letter(id, 0) }).await.unwrap();
    }
    for id in ["old", "new"] {
        database.resolve_dead_letter(id, Resolution::Discarded, "operator", at(60)).await.unwrap();
    }
    assert_eq!(database.prune_dead_letters(at(50)).await.unwrap(), 3);
    let left = database.list_dead_letters(&DeadLetterFilter::default(), None, 10).await.unwrap();
    let ids: Vec<_> = left.iter().map(|letter| letter.id.as_str()).collect();
    assert_eq!(ids, ["waiting", "new"]);
}
