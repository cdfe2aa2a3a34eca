use std::time::Duration;

use super::*;

/// The same pool works again after a restart of the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgres_is_unavailable_and_then_works_again() {
    let server = Postgres::start_new();
    let database = TestDatabase::at(server.create_database(), None).await;
    database.store_examined("A-1", &["D-1"]).await;
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    locked.put_examination_state("D-1", &ExaminationState::Pending).await.unwrap();

    server.kill();
    let lost = locked.commit().await.unwrap_err();
    assert!(lost.may_pass(), "{lost:?}");
    let down = database.lock("A-1", at(2)).await.err().unwrap();
    assert!(down.may_pass(), "{down:?}");
    let down = database.check_schema().await.unwrap_err();
    assert!(down.may_pass(), "{down:?}");
    let printed = format!("{down} {down:?} {database:?}", database = database.registry);
    let password = database.url.split(['/', '@', ':']).nth(4).unwrap();
    assert!(!password.is_empty() && !printed.contains(password), "{printed}");
    let never = Registry::connect(&database.url).await.unwrap_err();
    assert!(never.may_pass(), "{never:?}");

    server.start();
    assert_eq!(database.check_schema().await.unwrap(), Schema::Usable);
    let record = database.find_application("A-1").await.unwrap().unwrap();
    assert!(record.documents[0].examination == examined("D-1"), "the uncommitted change is absent");
    database.store_examined("A-2", &["D-1"]).await;

    server.stop();
    let down = database.lock("A-1", at(2)).await.err().unwrap();
    assert!(down.may_pass(), "{down:?}");
    server.start();
    assert!(
        database.find_application("A-2").await.unwrap().is_some(),
        "the committed change is there"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_may_succeed_later() {
    let database = TestDatabase::postgres().await;
    let wrong = database.url.replace("tekseru:", "tekseru:no");
    let error = Registry::connect(&wrong).await.unwrap_err();
    assert!(error.may_pass(), "{error:?}");
}

/// A worker that hangs blocks only its application, and only for a limited time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_a_lock_has_a_limit() {
    let database = TestDatabase::postgres().await;
    let held = database.lock("A-1", at(0)).await.unwrap();
    database.lock("A-2", at(0)).await.unwrap().commit().await.unwrap();
    let waits = tokio::time::timeout(Duration::from_secs(60), database.lock("A-1", at(1))).await;
    let error = waits.expect("there is a limit").err().unwrap();
    assert!(error.may_pass(), "{error:?}");
    held.commit().await.unwrap();
    database.lock("A-1", at(1)).await.unwrap().commit().await.unwrap();
}
