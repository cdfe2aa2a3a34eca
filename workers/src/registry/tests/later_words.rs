//! Rows with words of a later version: they are told apart from damaged rows, and are not changed.

use super::*;

both! {
    what_a_later_version_wrote_is_told_from_what_is_damaged
    a_dead_letter_of_a_later_version_is_named
}

/// What is written, and whether a later version may have written it.
const WRITTEN: [(&str, bool); 9] = [
    (
        "UPDATE examinations SET body = replace(body, '\"reasons\":[]', '\"reasons\":[{\"code\":\"X\"}]')",
        true,
    ),
    (
        "UPDATE examinations SET body = replace(body, '\"kind\":\"passport\"', '\"kind\":[\"passport\"]')",
        true,
    ),
    ("UPDATE documents SET examination_state = 'unavailable', reason = '{\"code\":\"X\"}'", true),
    ("UPDATE applications SET body = '[]'", true),
    ("UPDATE documents SET body = '{}'", true),
    ("UPDATE examinations SET body = '{'", false),
    ("UPDATE examinations SET body = ''", false),
    ("UPDATE documents SET examination_state = 'unavailable', reason = NULL", false),
    ("UPDATE applications SET body = 'body'", false),
];

async fn what_a_later_version_wrote_is_told_from_what_is_damaged(database: TestDatabase) {
    for (text, is_of_later_version) in WRITTEN {
        database.store_examined("A-1", &["D-1"]).await;
        database.run_raw(text).await;
        let error = database.find_application("A-1").await.expect_err(text);
        assert_eq!(error.is_of_later_version(), is_of_later_version, "{text}: {error}");
        assert!(!error.may_pass() && !error.to_string().contains("\"X\""), "{error}");
        let error = database.lock("A-1", at(1)).await.err().unwrap();
        assert_eq!(error.is_of_later_version(), is_of_later_version, "{text}: {error}");
        let drop = "DELETE FROM documents; DELETE FROM applications; DELETE FROM examinations";
        database.run_raw(drop).await;
    }
}

async fn a_dead_letter_of_a_later_version_is_named(database: TestDatabase) {
    let letter = dead_letters::letter("L-1", 0);
    let id = database.store_dead_letter(&letter).await.unwrap();
    // a later version has another check
    let update = match database.dialect {
        Dialect::Postgres => {
            "ALTER TABLE dead_letters DROP CONSTRAINT dead_letters_state_check;
             UPDATE dead_letters SET state = 'of-tomorrow'"
        }
        Dialect::Sqlite => {
            "PRAGMA ignore_check_constraints = ON;
             UPDATE dead_letters SET state = 'of-tomorrow';
             PRAGMA ignore_check_constraints = OFF"
        }
    };
    database.run_raw(update).await;
    let error = database.dead_letter(&id).await.unwrap_err();
    assert!(error.is_of_later_version(), "{error}");
    assert!(error.to_string().contains(&id), "{error}");
}
