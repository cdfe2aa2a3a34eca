use std::time::Duration;

use super::*;

/// The same pool goes on when the server is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_postgres_is_unavailable_and_then_works_again() {
    let server = Postgres::start_new();
    let place = Place::at(server.create_database(), None).await;
    place.examined("A-1", &["D-1"]).await;
    let mut locked = place.lock("A-1", at(1)).await.unwrap();
    locked.put_examination_state("D-1", &ExaminationState::Pending).await.unwrap();

    server.kill();
    let lost = locked.commit().await.unwrap_err();
    assert!(lost.may_pass(), "{lost:?}");
    let down = place.lock("A-1", at(2)).await.err().unwrap();
    assert!(down.may_pass(), "{down:?}");
    let down = place.check_schema().await.unwrap_err();
    assert!(down.may_pass(), "{down:?}");
    let told = format!("{down} {down:?} {place:?}", place = place.registry);
    let password = place.url.split(['/', '@', ':']).nth(4).unwrap();
    assert!(!password.is_empty() && !told.contains(password), "{told}");
    let never = Registry::connect(&place.url).await.unwrap_err();
    assert!(never.may_pass(), "{never:?}");

    server.start();
    assert_eq!(place.check_schema().await.unwrap(), Schema::Current);
    let record = place.find_application("A-1").await.unwrap().unwrap();
    assert!(
        record.documents[0].examination == examined("D-1"),
        "what was not committed is not there"
    );
    place.examined("A-2", &["D-1"]).await;

    server.stop();
    let down = place.lock("A-1", at(2)).await.err().unwrap();
    assert!(down.may_pass(), "{down:?}");
    server.start();
    assert!(place.find_application("A-2").await.unwrap().is_some(), "what was committed is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_may_pass() {
    let place = Place::postgres().await;
    let wrong = place.url.replace("tekseru:", "tekseru:no");
    let error = Registry::connect(&wrong).await.unwrap_err();
    assert!(error.may_pass(), "{error:?}");
}

/// A worker that hangs holds up its application alone, and not for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_is_waited_for_within_limits() {
    let place = Place::postgres().await;
    let held = place.lock("A-1", at(0)).await.unwrap();
    place.lock("A-2", at(0)).await.unwrap().commit().await.unwrap();
    let waits = tokio::time::timeout(Duration::from_secs(60), place.lock("A-1", at(1))).await;
    let error = waits.expect("there is a limit").err().unwrap();
    assert!(error.may_pass(), "{error:?}");
    held.commit().await.unwrap();
    place.lock("A-1", at(1)).await.unwrap().commit().await.unwrap();
}
