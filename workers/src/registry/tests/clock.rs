use jiff::SignedDuration;

use super::*;

both! {
    the_clock_is_that_of_the_database
    an_hour_has_a_limit_of_deletions
    processes_that_delete_at_once_share_the_limit
}

/// Here both are of one machine.
async fn the_clock_is_that_of_the_database(database: TestDatabase) {
    let before = Timestamp::now();
    let clock = database.clock().await.unwrap();
    // SQLite counts milliseconds
    let millisecond = SignedDuration::from_millis(1);
    assert!(before - millisecond <= clock && clock <= Timestamp::now() + millisecond, "{clock}");
}

/// Deletes an application that has expired, and returns whether the limit allowed it.
async fn expire(registry: &Registry, id: &str, at: Timestamp, per_hour: u32) -> bool {
    match registry
        .delete_expired(&super::key(id), super::at(1), at, "maintenance", per_hour)
        .await
        .unwrap()
    {
        Expiry::Deleted(_) => true,
        Expiry::LimitReached => false,
        Expiry::Kept => panic!("{id}"),
    }
}

async fn an_hour_has_a_limit_of_deletions(database: TestDatabase) {
    const HOUR: i64 = 60 * 60;
    for id in ["A-1", "A-2", "A-3", "A-4"] {
        database.store_examined(id, &[]).await;
    }
    // withdrawals do not count
    let mut locked = database.lock_to_delete("A-1", at(50)).await.unwrap();
    locked.withdraw(at(50), "portal").await.unwrap();
    locked.commit().await.unwrap();
    assert!(expire(&database, "A-2", at(40), 2).await);
    assert!(expire(&database, "A-3", at(60), 2).await);
    assert!(!expire(&database, "A-4", at(60), 2).await);
    assert!(!expire(&database, "A-4", at(40 + HOUR), 2).await);
    assert!(expire(&database, "A-4", at(41 + HOUR), 2).await);
}

async fn processes_that_delete_at_once_share_the_limit(database: TestDatabase) {
    let ids: Vec<_> = (0..12).map(|number| format!("A-{number}")).collect();
    for id in &ids {
        database.store_examined(id, &[]).await;
    }
    let takers: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let registry = database.clone();
            tokio::spawn(async move { expire(&registry, &id, at(9), 3).await })
        })
        .collect();
    let mut deleted = 0;
    for taker in takers {
        deleted += u32::from(taker.await.unwrap());
    }
    assert_eq!(deleted, 3);
    let state = "SELECT COUNT(*) AS n FROM applications WHERE state = 'withdrawn'";
    assert_eq!(database.count(state).await, 3);
}
