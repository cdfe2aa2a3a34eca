use jiff::SignedDuration;

use super::*;

both! {
    the_clock_is_that_of_the_database
    expired_applications_are_counted
}

/// Here both are of one machine.
async fn the_clock_is_that_of_the_database(database: TestDatabase) {
    let before = Timestamp::now();
    let clock = database.clock().await.unwrap();
    // SQLite counts milliseconds
    let millisecond = SignedDuration::from_millis(1);
    assert!(before - millisecond <= clock && clock <= Timestamp::now() + millisecond, "{clock}");
}

async fn expired_applications_are_counted(database: TestDatabase) {
    for id in ["A-1", "A-2", "A-3", "A-4"] {
        database.store_examined(id, &[]).await;
    }
    let mut locked = database.lock_to_delete("A-1", at(50)).await.unwrap();
    locked.withdraw(at(50), "portal").await.unwrap();
    locked.commit().await.unwrap();
    for (id, seconds) in [("A-2", 40), ("A-3", 50)] {
        database.delete_expired(id, at(1), at(seconds), "maintenance").await.unwrap().unwrap();
    }
    let count = async |seconds| database.count_expired_since(at(seconds)).await.unwrap();
    assert_eq!([count(40).await, count(41).await, count(51).await], [2, 1, 0]);
}
