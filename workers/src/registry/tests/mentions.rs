//! Letters that could not be parsed, and the deletion of an application that they quote.

use super::*;

both! {
    a_withdrawal_reads_no_bodies
    a_letter_about_a_deleted_application_is_stored_empty
    letters_of_an_earlier_version_get_their_mentions
    a_letter_that_was_stored_during_a_deletion_is_found_later
    an_id_is_found_in_whatever_way_it_is_quoted
    an_emptied_letter_stays_as_it_is
    a_letter_is_emptied_by_its_own_portal_alone
}

async fn store(database: &TestDatabase, id: &str, body: &[u8]) {
    let nameless = DeadLetter { application: None, ..dead_letters::letter(id, 0) };
    database.store_dead_letter(&DeadLetter { body: body.to_vec(), ..nameless }).await.unwrap();
}

async fn withdraw(database: &TestDatabase, id: &str) -> Vec<String> {
    let mut locked = database.lock_to_delete(id, at(1)).await.unwrap();
    let folders = locked.withdraw(at(1), "portal").await.unwrap();
    locked.commit().await.unwrap();
    folders
}

async fn is_empty(database: &TestDatabase, id: &str) -> bool {
    let letter = database.dead_letter(id).await.unwrap().unwrap();
    assert_eq!(letter.body.is_empty(), letter.state == DeadLetterState::Discarded, "{id}");
    letter.body.is_empty()
}

/// The bodies are replaced by ones that quote the id: a deletion that reads them would empty both.
async fn a_withdrawal_reads_no_bodies(database: TestDatabase) {
    store(&database, "about", br#"{"application_id": "A-1", "#).await;
    store(&database, "not", br#"{"A-10", "A-2"}"#).await;
    database
        .run_raw(match database.dialect {
            Dialect::Postgres => r#"UPDATE dead_letters SET body = convert_to('"A-1"', 'UTF8')"#,
            Dialect::Sqlite => r#"UPDATE dead_letters SET body = CAST('"A-1"' AS BLOB)"#,
        })
        .await;
    withdraw(&database, "A-1").await;
    assert!(is_empty(&database, "about").await);
    assert!(!is_empty(&database, "not").await);
    // what else the emptied letter quoted is forgotten too
    assert_eq!(database.letters_without_mentions(Page::first(9)).await.unwrap(), ["about"]);
    database.complete_mentions("about", at(2)).await.unwrap();
    assert!(database.letters_without_mentions(Page::first(9)).await.unwrap().is_empty());
    let left = "SELECT COUNT(*) AS n FROM dead_letter_mentions WHERE letter_id = 'about'";
    assert_eq!(database.count(left).await, 0);
    assert_eq!(database.prune_dead_letters(at(9)).await.unwrap(), 2);
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM dead_letter_mentions").await, 0);
}

async fn a_letter_about_a_deleted_application_is_stored_empty(database: TestDatabase) {
    database.store_examined("A-1", &[]).await;
    withdraw(&database, "A-1").await;
    store(&database, "about", br#"{"application_id": "A-1", "#).await;
    store(&database, "not", br#"{"application_id": "A-2", "#).await;
    assert!(is_empty(&database, "about").await);
    assert!(!is_empty(&database, "not").await);
}

async fn letters_of_an_earlier_version_get_their_mentions(database: TestDatabase) {
    store(&database, "before", br#""A-1""#).await;
    store(&database, "after", br#""A-2""#).await;
    database
        .run_raw("UPDATE dead_letters SET has_mentions = 0; DELETE FROM dead_letter_mentions")
        .await;
    withdraw(&database, "A-1").await;
    assert_eq!(
        database.letters_without_mentions(Page::first(9)).await.unwrap(),
        ["after", "before"]
    );
    for id in ["after", "before"] {
        database.complete_mentions(id, at(2)).await.unwrap();
    }
    assert!(database.letters_without_mentions(Page::first(9)).await.unwrap().is_empty());
    assert!(is_empty(&database, "before").await, "it was withdrawn meanwhile");
    assert!(!is_empty(&database, "after").await);
    withdraw(&database, "A-2").await;
    assert!(is_empty(&database, "after").await);
}

async fn a_letter_that_was_stored_during_a_deletion_is_found_later(database: TestDatabase) {
    let folders = withdraw(&database, "A-1").await;
    database.run_raw("UPDATE applications SET state = 'expected'").await;
    store(&database, "about", br#""A-1""#).await;
    database.run_raw("UPDATE applications SET state = 'withdrawn'").await;
    assert!(!is_empty(&database, "about").await);
    let deletion = database.lock_deletion(&folders[0]).await.unwrap().unwrap();
    deletion.complete(at(2)).await.unwrap();
    assert!(is_empty(&database, "about").await);
}

async fn an_id_is_found_in_whatever_way_it_is_quoted(database: TestDatabase) {
    let nameless = |id| DeadLetter {
        application: None,
        message_id: None,
        body: b"{".to_vec(),
        ..dead_letters::letter(id, 0)
    };
    let utf_16 = r#"{"id":"A-1"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for letter in [
        DeadLetter { body: br#""{\"id\":\"A-1\"""#.to_vec(), ..nameless("twice") },
        DeadLetter { body: br#"{"id":"\u0041-1""#.to_vec(), ..nameless("escaped") },
        DeadLetter { body: utf_16, ..nameless("utf-16") },
        DeadLetter { message_id: Some("A-1".into()), ..nameless("message") },
        DeadLetter { routing_key: "x.A-1.y".into(), ..nameless("routing") },
        DeadLetter { headers: r#"{"tracestate":"A-1"}"#.into(), ..nameless("header") },
    ] {
        // by this version, and by an earlier one
        let earlier = DeadLetter { id: format!("{}-earlier", letter.id), ..letter.clone() };
        database.store_dead_letter(&earlier).await.unwrap();
        database
            .run_raw("UPDATE dead_letters SET has_mentions = 0; DELETE FROM dead_letter_mentions")
            .await;
        database.store_dead_letter(&letter).await.unwrap();
        database.complete_mentions(&earlier.id, at(1)).await.unwrap();
        withdraw(&database, "A-1").await;
        assert!(is_empty(&database, &letter.id).await, "{}", letter.id);
        assert!(is_empty(&database, &earlier.id).await, "{}", earlier.id);
        database.run_raw("DELETE FROM applications").await;
    }
}

async fn an_emptied_letter_stays_as_it_is(database: TestDatabase) {
    store(&database, "about", br#""A-1""#).await;
    let folders = withdraw(&database, "A-1").await;
    database.lock_deletion(&folders[0]).await.unwrap().unwrap().complete(at(2)).await.unwrap();
    let letter = database.dead_letter("about").await.unwrap().unwrap();
    assert_eq!((letter.resolved_at, letter.resolved_by.as_deref()), (Some(at(1)), Some("portal")));
}

async fn a_letter_is_emptied_by_its_own_portal_alone(database: TestDatabase) {
    let body = br#""A-1""#.to_vec();
    let letter = DeadLetter { application: None, body, ..dead_letters::letter("mine", 0) };
    let other: Portal = "other".parse().unwrap();
    let of_other = DeadLetter { portal: Some(other.clone()), ..dead_letters::letter("theirs", 0) };
    let of_other = DeadLetter { application: None, body: letter.body.clone(), ..of_other };
    let of_nobody = DeadLetter { id: "nobody's".to_owned(), portal: None, ..letter.clone() };
    for letter in [&letter, &of_other, &of_nobody] {
        database.store_dead_letter(letter).await.unwrap();
    }
    let key = ApplicationKey::new(&other, "A-1");
    let mut locked = database.registry.lock_to_delete(&key, at(1)).await.unwrap();
    locked.withdraw(at(1), "portal:other").await.unwrap();
    locked.commit().await.unwrap();
    assert!(!is_empty(&database, "mine").await);
    assert!(is_empty(&database, "theirs").await);
    assert!(is_empty(&database, "nobody's").await, "it may be about this application");
    let late = DeadLetter { id: "late".to_owned(), ..of_other };
    database.store_dead_letter(&late).await.unwrap();
    assert!(is_empty(&database, "late").await);
}
