use super::*;

both! {
    many_writers_make_one_chain
    a_tampered_row_breaks_the_chain
    a_missing_row_breaks_the_chain
    a_removed_end_breaks_the_chain
    rows_can_only_be_added
}

/// Writes entries under the locks of two applications, at once.
async fn write_entries(database: &TestDatabase, writers: usize) {
    let tasks: Vec<_> = (0..writers)
        .map(|i| {
            let registry = database.registry.clone();
            tokio::spawn(async move {
                let id = format!("A-{}", i % 2);
                let mut locked = registry.lock(&key(&id), at(i as i64)).await.unwrap();
                let entry = AuditEntry::new("op\0erator", "recheck.requested", Some(&id));
                locked.audit(entry.clone().with_detail("a").with_detail("b\0"));
                locked.audit(entry);
                locked.commit().await.unwrap();
                registry.audit(&AuditEntry::new("system", "tested", None), at(0)).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn many_writers_make_one_chain(database: TestDatabase) {
    let empty = database.verify_audit().await.unwrap();
    assert_eq!(empty, AuditVerification { rows: 0, head: String::new(), broken_at: None });
    write_entries(&database, 10).await;
    let audited = database.verify_audit().await.unwrap();
    assert_eq!((audited.rows, audited.broken_at), (30, None));
    let rows = database.audit_rows(28, 10).await.unwrap();
    let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [29, 30]);
}

async fn drop_triggers(database: &TestDatabase) {
    match database.dialect {
        Dialect::Postgres => database.run_raw("DROP TRIGGER audit_append_only ON audit").await,
        Dialect::Sqlite => {
            database.run_raw("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete").await;
        }
    }
}

async fn a_tampered_row_breaks_the_chain(database: TestDatabase) {
    write_entries(&database, 3).await;
    drop_triggers(&database).await;
    for (change, back) in [
        (
            "UPDATE audit SET actor = 'x' || actor WHERE number = 4",
            "UPDATE audit SET actor = substr(actor, 2) WHERE number = 4",
        ),
        (
            "UPDATE audit SET details = '[\"a\"]' || details WHERE number = 4",
            "UPDATE audit SET details = substr(details, 6) WHERE number = 4",
        ),
        (
            "UPDATE audit SET hash = 'x' || hash WHERE number = 4",
            "UPDATE audit SET hash = substr(hash, 2) WHERE number = 4",
        ),
    ] {
        database.run_raw(change).await;
        assert_eq!(database.verify_audit().await.unwrap().broken_at, Some(4), "{change}");
        database.run_raw(back).await;
        assert_eq!(database.verify_audit().await.unwrap().broken_at, None, "{back}");
    }
}

async fn a_missing_row_breaks_the_chain(database: TestDatabase) {
    write_entries(&database, 2).await;
    drop_triggers(&database).await;
    database.run_raw("DELETE FROM audit WHERE number = 3").await;
    let audited = database.verify_audit().await.unwrap();
    assert_eq!((audited.rows, audited.broken_at), (2, Some(3)));
}

async fn a_removed_end_breaks_the_chain(database: TestDatabase) {
    write_entries(&database, 2).await;
    drop_triggers(&database).await;
    database.run_raw("DELETE FROM audit WHERE number = 6").await;
    let audited = database.verify_audit().await.unwrap();
    assert_eq!((audited.rows, audited.broken_at), (5, Some(6)));
}

async fn rows_can_only_be_added(database: TestDatabase) {
    write_entries(&database, 1).await;
    for text in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"] {
        let refused = database.write().await.unwrap().run_raw("try", text).await;
        assert!(matches!(refused, Err(RegistryError::Internal { .. })), "{refused:?}");
    }
    assert_eq!(database.verify_audit().await.unwrap().broken_at, None);
}
