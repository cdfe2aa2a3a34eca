//! Letters that could not be parsed, and the deletion of an application that they quote.

use super::*;

both! {
    a_withdrawal_reads_no_bodies
    a_letter_about_a_deleted_application_is_stored_empty
    letters_of_an_earlier_version_get_their_mentions
    a_letter_that_was_stored_during_a_deletion_is_found_later
}

async fn store(database: &TestDatabase, id: &str, body: &[u8]) {
    let nameless = DeadLetter { application_id: None, ..dead_letters::letter(id, 0) };
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

/// The bodies are replaced by ones that quote the id: whoever reads them empties them too.
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
    assert_eq!(database.letters_without_mentions(Page::first(9)).await.unwrap(), ["after", "before"]);
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
