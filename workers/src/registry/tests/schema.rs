use super::*;

both! {
    migrating_twice_changes_nothing
    tables_of_another_version_are_detected
    later_tables_that_only_expanded_are_used
    a_migration_that_does_not_say_who_can_use_it_is_refused
    two_processes_migrate_at_once
}

async fn migrating_twice_changes_nothing(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    database.migrate().await.unwrap();
    assert_eq!(database.check_schema().await.unwrap(), Schema::Usable);
    assert!(database.find_application("A-1").await.unwrap().is_some());
}

async fn tables_of_another_version_are_detected(database: TestDatabase) {
    let built_for = NEWEST;
    // a later one, of which a still later one says nothing, breaks this program
    let [breaks, expands] = [(built_for + 1, built_for + 1), (built_for + 2, built_for)];
    database.add_version(breaks).await;
    database.add_version(expands).await;
    let (found, usable_from) = (built_for + 2, built_for + 1);
    let too_new = Schema::TooNew { found, usable_from, built_for };
    assert_eq!(database.check_schema().await.unwrap(), too_new);
    let refused = database.migrate().await.unwrap_err();
    assert!(!refused.may_pass(), "{refused}");
    let message = refused.to_string();
    assert!(message.contains(&format!("version {found}")), "{message}");
    assert!(message.contains(&format!("this program is for version {built_for}")), "{message}");
    assert!(message.contains("install the version"), "{message}");
    database.run_raw("DROP TABLE tekseru_schema").await;
    assert_eq!(database.check_schema().await.unwrap(), Schema::TooOld { found: 0, needed: NEWEST });
    database.run_raw("ALTER TABLE applications RENAME TO elsewhere").await;
    let error = database.lock("A-1", at(0)).await.err().unwrap();
    assert!(matches!(error, RegistryError::Schema { .. }), "{error}");
    assert!(error.to_string().contains("tekseru migrate"), "{error}");
}

async fn later_tables_that_only_expanded_are_used(database: TestDatabase) {
    let built_for = NEWEST;
    database.store_examined("A-1", &["D-1"]).await;
    database.run_raw("ALTER TABLE applications ADD COLUMN of_tomorrow TEXT").await;
    database.run_raw("ALTER TABLE tekseru_schema ADD COLUMN of_tomorrow TEXT").await;
    database.add_version((built_for + 1, built_for)).await;
    assert_eq!(database.check_schema().await.unwrap(), Schema::Usable);
    database.migrate().await.unwrap();
    assert_eq!(
        database.count("SELECT MAX(version) AS n FROM tekseru_schema").await,
        i64::from(built_for) + 1
    );
    database.store_examined("A-2", &["D-1"]).await;
    assert!(database.find_application("A-1").await.unwrap().is_some());
}

/// In tables of before, every version breaks the earlier ones; those of version 7 are read elsewhere.
async fn a_migration_that_does_not_say_who_can_use_it_is_refused(database: TestDatabase) {
    let silent = "INSERT INTO tekseru_schema (version) VALUES (99)";
    assert!(database.write().await.unwrap().run_raw("try", silent).await.is_err());
}

async fn two_processes_migrate_at_once(database: TestDatabase) {
    match database.dialect {
        Dialect::Postgres => {
            database.run_raw("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        }
        Dialect::Sqlite => {
            database.close().await;
            let path = database.folder.as_ref().unwrap().path();
            for file in std::fs::read_dir(path).unwrap() {
                std::fs::remove_file(file.unwrap().path()).unwrap();
            }
        }
    }
    let migrations: Vec<_> = (0..4)
        .map(|_| {
            let url = database.url.clone();
            // a pool of its own, as another process has
            tokio::spawn(async move { Registry::connect(&url).await?.migrate().await })
        })
        .collect();
    for migration in migrations {
        migration.await.unwrap().unwrap();
    }
    let registry = Registry::connect(&database.url).await.unwrap();
    assert_eq!(registry.check_schema().await.unwrap(), Schema::Usable);
}

/// Tables that an administrator creates by hand, used by a role with the documented rights.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_documented_rights_are_enough() {
    let url = server().create_database();
    let (_, database) = url.rsplit_once('/').unwrap();
    for file in super::super::schema::POSTGRES {
        server().psql(database, file);
    }
    let role = format!("worker_of_{database}");
    server().psql(
        database,
        &format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'worker';
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
             REVOKE UPDATE, DELETE ON audit FROM {role}"
        ),
    );
    let (_, database) = url.split_once('@').unwrap();
    let url = format!("postgres://{role}:worker@{database}");
    let registry = Registry::connect(&url).await.unwrap();
    registry.migrate().await.unwrap();
    let database = TestDatabase { registry, url, folder: None };
    database.store_examined("A-1", &["D-1"]).await;
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.add_event(&event("A-1", "e", None)).await.unwrap();
    locked.commit().await.unwrap();
    database.delete_expired("A-1", at(999), at(1), "maintenance").await.unwrap();
    assert_eq!(database.verify_audit().await.unwrap().rows, 1);
    let refused = database.write().await.unwrap().run_raw("try", "DELETE FROM audit").await;
    assert!(matches!(refused, Err(RegistryError::Internal { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_empty_database_is_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.db");
    let registry = Registry::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    assert_eq!(registry.check_schema().await.unwrap(), Schema::TooOld { found: 0, needed: NEWEST });
    registry.migrate().await.unwrap();
    for file in ["r.db", "r.db-wal", "r.db-shm"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn sqlite_has_the_settings_that_we_rely_on() {
    let database = TestDatabase::sqlite().await;
    for (pragma, column, value) in [
        ("PRAGMA journal_mode", "journal_mode", "wal"),
        ("PRAGMA synchronous", "synchronous", "2"),
        ("PRAGMA foreign_keys", "foreign_keys", "1"),
        ("PRAGMA secure_delete", "secure_delete", "1"),
        ("PRAGMA busy_timeout", "timeout", "10000"),
    ] {
        let row = statement::sql("ask", pragma)
            .fetch_first("t", &mut database.read().await.unwrap())
            .await;
        let row = row.unwrap().unwrap();
        let found = row.text(column).or_else(|_| row.number(column).map(|n| n.to_string()));
        assert_eq!(found.unwrap(), value, "{pragma}");
    }
}

#[tokio::test]
async fn an_invalid_address_is_refused_without_quoting_it() {
    for url in
        ["mysql://u:secret@h/d", "secret", "postgres://u:secret@h:port/d", "sqlite:/no/secret/x"]
    {
        let error = Registry::connect(url).await.unwrap_err();
        let printed = format!("{error} {error:?}");
        assert!(!error.may_pass() && !printed.contains("secret"), "{printed}");
    }
}
