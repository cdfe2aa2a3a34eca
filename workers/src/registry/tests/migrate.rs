//! Migrating tables that others use.

use std::time::Duration;

use ::tests::services::wait_for;

use super::*;

/// Longer than the limits on other statements, that of the server and our own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_may_take_long() {
    let database = TestDatabase::postgres().await;
    database.migrate_to(NEWEST + 1, "SELECT pg_sleep(21)").await.unwrap();
    // the limits of the connection are there again
    let text = "SELECT COUNT(*) AS n FROM pg_settings
        WHERE (name, setting) IN (('statement_timeout', '15000'), ('lock_timeout', '10000'))";
    assert_eq!(database.count(text).await, 2);
}

/// One that waits for a lock gives up and tries again, until it has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_is_tried_until_it_has_its_lock() {
    let database = TestDatabase::empty_at(server().create_database(), None).await;
    let (_, first) = database.migrations().split_last().unwrap();
    for migration in first {
        database.run_raw(migration).await;
    }
    let mut reader = database.begin().await.unwrap();
    reader.run_raw("read", "LOCK TABLE tekseru_schema IN SHARE MODE").await.unwrap();
    let registry = database.registry.clone();
    let migration = tokio::spawn(async move { registry.migrate().await });
    // each migration writes there, and others can read meanwhile
    let (_, name) = database.url.rsplit_once('/').unwrap();
    let waits = |times: &str| {
        wait_for("the migration", Duration::from_secs(60), || {
            let text = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted
                AND relation = 'tekseru_schema'::regclass";
            (server().psql(name, text).trim() == times).then_some(())
        });
    };
    // twice in the queue for the lock, and out of it between
    ["1", "0", "1", "0"].into_iter().for_each(waits);
    reader.commit().await.unwrap();
    migration.await.unwrap().unwrap();
    assert_eq!(database.check_schema().await.unwrap(), Schema::Usable);
}
