use super::*;

both! {
    a_check_is_due_an_hour_after_the_last_write
    a_check_that_is_requested_again_is_not_completed
}

const HOUR: i64 = 3600;

async fn due(database: &TestDatabase, now: Timestamp) -> Vec<(String, String)> {
    let due = database.due_latest_checks(9, now).await.unwrap();
    due.into_iter().map(|check| (check.application.id().to_owned(), check.scope)).collect()
}

async fn a_check_is_due_an_hour_after_the_last_write(database: TestDatabase) {
    database.request_latest_check("A-1", "", at(0)).await.unwrap();
    database.request_latest_check("A-1", "D-1", at(1)).await.unwrap();
    database.request_latest_check("A-2", "", at(2)).await.unwrap();
    database.request_latest_check("A-1", "", at(60)).await.unwrap();
    assert_eq!(due(&database, at(HOUR)).await, []);
    let named = |id: &str, scope: &str| (id.to_owned(), scope.to_owned());
    assert_eq!(due(&database, at(HOUR + 59)).await, [named("A-1", "D-1"), named("A-2", "")]);
    assert_eq!(due(&database, at(HOUR + 60)).await.len(), 3);
    assert_eq!(database.due_latest_checks(1, at(HOUR + 60)).await.unwrap().len(), 1);
}

async fn a_check_that_is_requested_again_is_not_completed(database: TestDatabase) {
    database.request_latest_check("A-1", "", at(0)).await.unwrap();
    let check = database.due_latest_checks(9, at(HOUR)).await.unwrap().remove(0);
    database.request_latest_check("A-1", "", at(1)).await.unwrap();
    database.complete_latest_check(&check).await.unwrap();
    let again = database.due_latest_checks(9, at(HOUR + 1)).await.unwrap().remove(0);
    database.complete_latest_check(&again).await.unwrap();
    assert_eq!(due(&database, at(2 * HOUR)).await, []);
}
