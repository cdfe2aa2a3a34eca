use super::*;

both! {
    migrating_twice_changes_nothing
    tables_of_another_version_are_told
    two_may_migrate_at_once
}

async fn migrating_twice_changes_nothing(place: Place) {
    place.examined("A-1", &["D-1"]).await;
    place.migrate().await.unwrap();
    assert_eq!(place.check_schema().await.unwrap(), Schema::Current);
    assert!(place.find_application("A-1").await.unwrap().is_some());
}

async fn tables_of_another_version_are_told(place: Place) {
    place.raw("INSERT INTO tekseru_schema (version) VALUES (4)").await;
    assert_eq!(place.check_schema().await.unwrap(), Schema::TooNew { found: 4, needed: 3 });
    let refused = place.migrate().await.unwrap_err();
    assert!(matches!(refused, RegistryError::Schema { .. }), "{refused}");
    place.raw("DROP TABLE tekseru_schema").await;
    assert_eq!(place.check_schema().await.unwrap(), Schema::TooOld { found: 0, needed: 3 });
    place.raw("ALTER TABLE applications RENAME TO elsewhere").await;
    let error = place.lock("A-1", at(0)).await.err().unwrap();
    assert!(matches!(error, RegistryError::Schema { .. }), "{error}");
    assert!(error.to_string().contains("tekseru migrate"), "{error}");
}

async fn two_may_migrate_at_once(place: Place) {
    match place.dialect {
        Dialect::Postgres => {
            place.raw("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        }
        Dialect::Sqlite => {
            place.close().await;
            let path = place._folder.as_ref().unwrap().path();
            for file in std::fs::read_dir(path).unwrap() {
                std::fs::remove_file(file.unwrap().path()).unwrap();
            }
        }
    }
    let migrations: Vec<_> = (0..4)
        .map(|_| {
            let url = place.url.clone();
            // connections of their own, as processes have
            tokio::spawn(async move { Registry::connect(&url).await?.migrate().await })
        })
        .collect();
    for migration in migrations {
        migration.await.unwrap().unwrap();
    }
    let registry = Registry::connect(&place.url).await.unwrap();
    assert_eq!(registry.check_schema().await.unwrap(), Schema::Current);
}

/// As an administrator sets it up by hand, and a worker's role may use it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_needs_no_more_than_is_said() {
    let url = server().create_database();
    let (_, database) = url.rsplit_once('/').unwrap();
    for file in [
        include_str!("../../../migrations/postgres/0001_registry.sql"),
        include_str!("../../../migrations/postgres/0002_said_at.sql"),
        include_str!("../../../migrations/postgres/0003_plain_names.sql"),
    ] {
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
    let (_, place) = url.split_once('@').unwrap();
    let url = format!("postgres://{role}:worker@{place}");
    let registry = Registry::connect(&url).await.unwrap();
    registry.migrate().await.unwrap();
    let place = Place { registry, url, _folder: None };
    place.examined("A-1", &["D-1"]).await;
    let mut locked = place.lock("A-1", at(0)).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.add_event(&event("A-1", "e", None)).await.unwrap();
    locked.commit().await.unwrap();
    place.delete_expired("A-1", at(999), at(1), "keep").await.unwrap();
    assert_eq!(place.verify_audit().await.unwrap().rows, 1);
    let refused = place.write().await.unwrap().raw("try", "DELETE FROM audit").await;
    assert!(matches!(refused, Err(RegistryError::Internal { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_empty_database_is_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.db");
    let registry = Registry::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    assert_eq!(registry.check_schema().await.unwrap(), Schema::TooOld { found: 0, needed: 3 });
    registry.migrate().await.unwrap();
    for file in ["r.db", "r.db-wal", "r.db-shm"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn sqlite_keeps_its_promises() {
    let place = Place::sqlite().await;
    for (pragma, column, value) in [
        ("PRAGMA journal_mode", "journal_mode", "wal"),
        ("PRAGMA synchronous", "synchronous", "2"),
        ("PRAGMA foreign_keys", "foreign_keys", "1"),
        ("PRAGMA secure_delete", "secure_delete", "1"),
        ("PRAGMA busy_timeout", "timeout", "10000"),
    ] {
        let row = statement::sql("ask", pragma).first("t", &mut place.read().await.unwrap()).await;
        let row = row.unwrap().unwrap();
        let found = row.text(column).or_else(|_| row.number(column).map(|n| n.to_string()));
        assert_eq!(found.unwrap(), value, "{pragma}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_quoting_it() {
    for url in
        ["mysql://u:secret@h/d", "secret", "postgres://u:secret@h:port/d", "sqlite:/no/secret/x"]
    {
        let error = Registry::connect(url).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(!error.may_pass() && !told.contains("secret"), "{told}");
    }
}
