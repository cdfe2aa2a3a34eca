//! Rows that nobody can read: of a disk fault, or of another version.

use super::*;

both! {
    an_unreadable_application_is_deleted_when_it_expires
    an_unreadable_application_is_withdrawn
    rows_that_can_be_read_are_listed_beside_others
}

/// Each makes something about `A-1` unreadable.
const FAULTS: [&str; 5] = [
    "UPDATE applications SET body = '{' WHERE application_id = 'portal/A-1'",
    "UPDATE applications SET received_at = 'x', due_on = 'y' WHERE application_id = 'portal/A-1'",
    "UPDATE documents SET body = '{' WHERE application_id = 'portal/A-1'",
    "UPDATE examinations SET body = '' WHERE sha256 = 'D-1'",
    "INSERT INTO examinations (sha256, kind, examiner, body, stored_at)
         VALUES ('D-9', 'kind-of-tomorrow', 'e', '{}', '');
     UPDATE documents SET sha256 = 'D-9', kind = 'kind-of-tomorrow', examiner = 'e'
         WHERE document_id = 'D-1'",
];

async fn an_unreadable_application_is_deleted_when_it_expires(database: TestDatabase) {
    for fault in FAULTS {
        database.store_examined("A-1", &["D-1"]).await;
        database.run_raw(fault).await;
        let early = database.delete_expired("A-1", at(0), at(1), "maintenance").await;
        assert!(early.unwrap().is_none(), "{fault}");
        let deleted = database.delete_expired("A-1", at(1), at(1), "maintenance").await;
        assert!(deleted.unwrap().is_some(), "{fault}");
        assert_deleted(&database, fault).await;
        database.run_raw("DELETE FROM applications; DELETE FROM examinations").await;
    }
}

async fn an_unreadable_application_is_withdrawn(database: TestDatabase) {
    for fault in FAULTS {
        database.store_examined("A-1", &["D-1"]).await;
        database.run_raw(fault).await;
        let mut locked = database.lock_to_delete("A-1", at(1)).await.unwrap();
        locked.record_command(&command(fault, "aa")).await.unwrap();
        locked.withdraw(at(1), "portal").await.unwrap();
        locked.commit().await.unwrap();
        assert_deleted(&database, fault).await;
        database.run_raw("DELETE FROM applications; DELETE FROM examinations").await;
    }
}

async fn assert_deleted(database: &TestDatabase, fault: &str) {
    let record = database.find_application("A-1").await.unwrap().unwrap();
    assert_eq!(record.state, ApplicationState::Withdrawn, "{fault}");
    for text in [
        "SELECT COUNT(*) AS n FROM documents",
        "SELECT COUNT(*) AS n FROM examinations WHERE sha256 <> 'D-1'",
        "SELECT COUNT(*) AS n FROM applications WHERE body IS NOT NULL",
    ] {
        assert_eq!(database.count(text).await, 0, "{text}: {fault}");
    }
}

async fn rows_that_can_be_read_are_listed_beside_others(database: TestDatabase) {
    for id in ["A-1", "A-2"] {
        let mut locked = database.lock(id, at(0)).await.unwrap();
        locked.add_revision(&new_revision("", "d")).await.unwrap();
        locked.commit().await.unwrap();
    }
    database
        .run_raw("UPDATE revisions SET judged_on = 'x' WHERE application_id = 'portal/A-1'")
        .await;
    let listed = database.unattached_revisions(Page::first(9), at(9)).await.unwrap();
    assert_eq!(listed.rows.len(), 1);
    assert_eq!(listed.rows[0].application, "A-2");
    assert_eq!(listed.unreadable.len(), 1);
    assert_eq!(listed.unreadable[0].application_id, "portal/A-1");
    assert!(listed.unreadable[0].error.to_string().contains("judged_on"));
}
