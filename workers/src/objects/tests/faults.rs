//! Each fault of a store has the right class, and temporary faults are retried.

use std::time::Duration;

use ::tests::services::proxy::{Mode, Proxy};
use ::tests::services::s3::Fault;
use bytes::Bytes;

use super::super::{Cause, FetchError, Limits, Objects, S3, StoreError};
use super::store::{OWNER, Store, config, limits, noise, portal, whole};

const LIMIT: u64 = 1 << 20;

/// Opens the same store through another address and with other limits.
fn open_with(store: &Store, endpoint: &str, limits: Limits) -> Objects {
    let config = config(endpoint, &OWNER, store.folder.path().to_owned());
    Objects::S3(S3::open(crate::objects::S3Config { limits, ..config }).unwrap())
}

fn class(error: &FetchError) -> String {
    match error {
        FetchError::Missing(_) => "missing".to_owned(),
        FetchError::Replaced(_) => "replaced".to_owned(),
        FetchError::Refused { code, .. } => format!("refused {code}"),
        FetchError::Unavailable { cause, .. } => format!("unavailable {cause}"),
        FetchError::Disk(_) => "disk".to_owned(),
    }
}

#[tokio::test]
async fn responses_are_classified() {
    let store = Store::s3();
    let object = store.put_upload("upload", b"bytes").await;
    for (status, code, expected, requests) in [
        (404, "NoSuchKey", "missing", 1),
        (404, "NoSuchBucket", "refused NoSuchBucket", 1),
        (404, "", "missing", 1),
        (403, "AccessDenied", "refused AccessDenied", 1),
        (403, "", "refused status 403", 1),
        (412, "PreconditionFailed", "replaced", 1),
        (500, "InternalError", "unavailable status 500 InternalError", 3),
        (503, "SlowDown", "unavailable status 503 SlowDown", 3),
        (503, "", "unavailable status 503", 3),
    ] {
        let faults = store.server().faults();
        let before = faults.requests().len();
        faults.always("GetObject", "uploads-portal/", Fault::Answer(status, code));
        let error = store.objects.fetch(&portal(), &object, LIMIT).await.unwrap_err();
        assert_eq!(class(&error), expected);
        assert_eq!(faults.requests().len() - before, requests, "requests at {status} {code}");
        faults.clear();
    }
    assert_eq!(whole(store.objects.fetch(&portal(), &object, LIMIT).await).bytes, 5);
}

#[tokio::test]
async fn temporary_faults_are_retried() {
    let store = Store::s3();
    let faults = store.server().faults();
    for operation in ["PutObject", "GetObject", "ListObjectsV2", "DeleteObject"] {
        faults.times(operation, "", Fault::Answer(503, "SlowDown"), 0, 2);
    }
    let key = store.key("verdict.json");
    store.objects.put(&key, Bytes::from_static(b"{}"), "application/json").await.unwrap();
    assert_eq!(store.objects.get(&key, 9).await.unwrap().as_deref(), Some(&b"{}"[..]));
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), std::slice::from_ref(&key));
    store.objects.delete(&[key]).await.unwrap();
    assert_eq!(faults.requests().len(), 12);
}

#[tokio::test]
async fn writing_distinguishes_refusals_from_temporary_faults() {
    let store = Store::s3();
    let faults = store.server().faults();
    let key = store.key("a");
    faults.always("PutObject", "evidence/", Fault::Answer(403, "AccessDenied"));
    faults.always("DeleteObject", "evidence/", Fault::Answer(500, "InternalError"));
    faults.always("ListObjectsV2", "evidence", Fault::Answer(503, ""));
    let put = store.objects.put(&key, Bytes::from_static(b"x"), "text/plain").await.unwrap_err();
    assert!(
        matches!(&put, StoreError::Refused { code, .. } if code == "AccessDenied")
            && !put.may_pass()
    );
    let deleted = store.objects.delete(&[key]).await.unwrap_err();
    assert!(deleted.may_pass(), "{deleted}");
    assert!(store.objects.list("").await.unwrap_err().may_pass());
}

#[tokio::test]
async fn a_broken_listing_is_an_error() {
    let store = Store::s3();
    for i in 0..1001 {
        let file = store.server().file("evidence", &store.key(&format!("{i:04}")));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "x").unwrap();
    }
    let faults = store.server().faults();
    faults.times("ListObjectsV2", "", Fault::Answer(500, "InternalError"), 1, 3);
    store.objects.list(&store.prefix).await.unwrap_err();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap().len(), 1001);
}

#[tokio::test]
async fn a_restarted_server_works_again() {
    let mut store = Store::s3();
    let object = store.put_upload("upload", b"bytes").await;
    store.server.as_mut().unwrap().stop();
    let error = store.objects.fetch(&portal(), &object, LIMIT).await.unwrap_err();
    assert!(
        class(&error).contains("refused") && matches!(error, FetchError::Unavailable { .. }),
        "{error}"
    );
    assert!(store.objects.check_ready().await.unwrap_err().may_pass());
    store.server.as_mut().unwrap().start_again();
    assert_eq!(whole(store.objects.fetch(&portal(), &object, LIMIT).await).bytes, 5);
    store.objects.check_ready().await.unwrap();
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let store = Store::s3();
    let object = store.put_upload("upload", b"bytes").await;
    let brief = Limits { read_timeout: Duration::from_millis(100), max_attempts: 2, ..limits() };
    let objects = open_with(&store, &store.server().endpoint(), brief);
    let faults = store.server().faults();
    for operation in ["GetObject", "PutObject"] {
        faults.always(operation, "", Fault::Hang);
    }
    let error = objects.fetch(&portal(), &object, LIMIT).await.unwrap_err();
    assert_eq!(class(&error), "unavailable no answer in time");
    let put = objects.put("a", Bytes::from_static(b"x"), "text/plain").await;
    assert!(matches!(put, Err(StoreError::Unavailable { cause: Cause::TimedOut, .. })), "{put:?}");
}

#[tokio::test]
async fn a_broken_network_is_an_error_until_it_works_again() {
    let store = Store::s3();
    let object = store.put_upload("upload", &noise(300_000)).await;
    let proxy = Proxy::start(store.server().address());
    let brief = Limits {
        read_timeout: Duration::from_millis(300),
        throughput_window: Duration::from_millis(300),
        min_bytes_per_window: 1,
        max_attempts: 1,
        max_resumptions: 0,
        ..limits()
    };
    let objects = open_with(&store, &format!("http://{}", proxy.address()), brief);
    for (mode, expected) in [
        (Mode::BlackHole, "unavailable no answer in time"),
        (Mode::Refuse, "unavailable connection failed"),
        (Mode::CutAfter(100_000), "unavailable body ended before its length"),
    ] {
        proxy.set_mode(mode);
        let error = objects.fetch(&portal(), &object, LIMIT).await.unwrap_err();
        assert!(class(&error).starts_with(expected), "{mode:?}: {error}");
        proxy.set_mode(Mode::Pass);
        proxy.reset_connections();
    }
    let patient = open_with(&store, &format!("http://{}", proxy.address()), limits());
    assert_eq!(whole(patient.fetch(&portal(), &object, LIMIT).await).bytes, 300_000);
    assert!(proxy.accepted() > 3);
}
