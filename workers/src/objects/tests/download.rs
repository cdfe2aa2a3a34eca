//! Downloads that break, are slow, change or do not end.

use std::time::Duration;

use ::tests::services::s3::{Fault, ReceivedRequest};

use super::super::{Cause, Download, FetchError, Limits, Objects, S3, S3Config};
use super::store::{OWNER, Store, config, limits, noise, portal, whole};

const LIMIT: u64 = 1 << 20;
const LENGTH: usize = 300_000;

async fn given(limits: Limits) -> (Store, Objects, pipeline::application::Object) {
    let store = Store::s3();
    let object = store.put_upload("upload", &noise(LENGTH)).await;
    let config = config(&store.server().endpoint(), &OWNER, store.folder.path().to_owned());
    let objects = Objects::S3(S3::open(S3Config { limits, ..config }).unwrap());
    (store, objects, object)
}

fn gets(store: &Store) -> Vec<ReceivedRequest> {
    store
        .server()
        .faults()
        .requests()
        .into_iter()
        .filter(|seen| seen.operation == "GetObject")
        .collect()
}

fn cause(fetch: Result<Download, FetchError>) -> Cause {
    match fetch {
        Err(FetchError::Unavailable { cause, .. }) => cause,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_broken_body_is_resumed() {
    let (store, objects, object) = given(limits()).await;
    store.server().faults().times("GetObject", "", Fault::CutAfter(100_000), 0, 2);
    let fetched = whole(objects.fetch(&portal(), &object, LIMIT).await);
    let gets = gets(&store);
    let ranges: Vec<_> = gets.iter().map(|seen| seen.range.as_deref()).collect();
    assert_eq!(ranges, [None, Some("bytes=100000-"), Some("bytes=200000-")]);
    assert!(
        fetched.etag.is_some()
            && gets[1].if_match == fetched.etag
            && gets[2].if_match == fetched.etag
    );
    assert!(fetched.read().unwrap() == noise(LENGTH));
}

#[tokio::test]
async fn a_body_that_breaks_before_its_first_byte_is_requested_again() {
    let (store, objects, object) = given(limits()).await;
    store.server().faults().once("GetObject", "", Fault::CutAfter(0));
    assert!(whole(objects.fetch(&portal(), &object, LIMIT).await).read().unwrap() == noise(LENGTH));
    assert_eq!(gets(&store).len(), 2);
}

#[tokio::test]
async fn a_body_that_always_breaks_is_an_error() {
    let (store, objects, object) = given(limits()).await;
    store.server().faults().always("GetObject", "", Fault::CutAfter(10_000));
    assert_eq!(cause(objects.fetch(&portal(), &object, LIMIT).await), Cause::Truncated);
    // the first request and three resumptions, some of which the client retries
    let asked = gets(&store).len();
    assert!((4..=12).contains(&asked), "{asked}");
}

#[tokio::test]
async fn without_an_etag_a_download_starts_again() {
    let (store, objects, object) = given(limits()).await;
    let faults = store.server().faults();
    faults.once("GetObject", "", Fault::CutAfter(100_000));
    faults.always("GetObject", "", Fault::Header("etag", String::new()));
    assert!(whole(objects.fetch(&portal(), &object, LIMIT).await).read().unwrap() == noise(LENGTH));
    assert_eq!(gets(&store)[1].range, None);
}

/// The server of these tests ignores `If-Match`, as some stores do.
#[tokio::test]
async fn an_upload_that_is_replaced_meanwhile_is_detected() {
    let (store, objects, object) = given(limits()).await;
    let faults = store.server().faults();
    faults.once("GetObject", "", Fault::HangAfter(100_000));
    let sender = portal();
    let (fetched, ()) = tokio::join!(objects.fetch(&sender, &object, LIMIT), async {
        faults
            .wait_until(|seen| {
                seen.iter()
                    .any(|seen| seen.operation == "GetObject" && seen.bytes_sent() >= 100_000)
            })
            .await;
        store.put_upload("upload", &noise(LENGTH - 1)).await;
        faults.clear();
    });
    assert!(matches!(fetched, Err(FetchError::Replaced(_))), "{fetched:?}");
    assert_eq!(whole(objects.fetch(&portal(), &object, LIMIT).await).bytes, LENGTH as u64 - 1);
}

#[tokio::test]
async fn another_version_is_refused() {
    let (store, objects, mut object) = given(limits()).await;
    object.version_id = Some("1".to_owned());
    let faults = store.server().faults();
    faults.once("GetObject", "", Fault::Header("x-amz-version-id", "2".to_owned()));
    let fetched = objects.fetch(&portal(), &object, LIMIT).await;
    assert!(matches!(fetched, Err(FetchError::Replaced(_))), "{fetched:?}");
    faults.once("GetObject", "", Fault::Header("x-amz-version-id", "1".to_owned()));
    assert_eq!(
        whole(objects.fetch(&portal(), &object, LIMIT).await).version_id.as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn wrong_lengths_are_detected() {
    let (store, objects, object) = given(limits()).await;
    let faults = store.server().faults();
    faults.always("GetObject", "", Fault::Unsized(LENGTH));
    assert_eq!(
        cause(objects.fetch(&portal(), &object, LIMIT).await),
        Cause::InvalidResponse("a response without a length")
    );
    faults.clear();
    faults.always("GetObject", "", Fault::Header("content-length", (LENGTH + 1).to_string()));
    // how much was received before it broke decides the next range, and so
    // the last error
    let short = cause(objects.fetch(&portal(), &object, LIMIT).await);
    let is_expected =
        matches!(short, Cause::Truncated | Cause::Connection(_) | Cause::InvalidResponse(_));
    assert!(is_expected, "{short:?}");
    faults.clear();
    // one byte too few at first; the rest of another length then
    faults.once("GetObject", "", Fault::CutAfter(100_000));
    faults.times(
        "GetObject",
        "",
        Fault::Header("content-range", "bytes 100000-299998/299999".to_owned()),
        1,
        1,
    );
    assert!(whole(objects.fetch(&portal(), &object, LIMIT).await).read().unwrap() == noise(LENGTH));
}

#[tokio::test]
async fn a_too_large_object_is_not_downloaded() {
    let store = Store::s3();
    let object = store.object("huge");
    let file = store.server().file("uploads-portal", &object.key);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::File::create(file).unwrap().set_len(64 << 20).unwrap();
    let fetch = store.objects.fetch(&portal(), &object, LIMIT).await;
    assert!(matches!(fetch, Ok(Download::TooLarge { bytes }) if bytes == 64 << 20), "{fetch:?}");
    // the buffers of the sockets were filled before the download stopped
    let sent: u64 = gets(&store).iter().map(ReceivedRequest::bytes_sent).sum();
    assert!(sent < 16 << 20, "{sent} bytes were sent");
}

/// Each byte arrives within every time limit on reads.
#[tokio::test]
async fn a_slow_body_is_ended() {
    let throughput_window = Duration::from_millis(300);
    let (store, objects, object) = given(Limits {
        throughput_window,
        min_bytes_per_window: 5000,
        max_resumptions: 1,
        ..limits()
    })
    .await;
    store.server().faults().always("GetObject", "", Fault::Drip(Duration::from_millis(10)));
    assert_eq!(cause(objects.fetch(&portal(), &object, LIMIT).await), Cause::TooSlow);
    assert_eq!(gets(&store).len(), 2);
}

#[tokio::test]
async fn a_body_that_stops_is_resumed() {
    let throughput_window = Duration::from_millis(500);
    let (store, objects, object) =
        given(Limits { throughput_window, min_bytes_per_window: 1, ..limits() }).await;
    store.server().faults().once("GetObject", "", Fault::HangAfter(100_000));
    assert!(whole(objects.fetch(&portal(), &object, LIMIT).await).read().unwrap() == noise(LENGTH));
    assert_eq!(gets(&store)[1].range.as_deref(), Some("bytes=100000-"));
}

#[tokio::test]
async fn a_body_may_take_longer_than_its_request_up_to_a_limit() {
    let brief = Duration::from_millis(500);
    let limits = Limits {
        attempt_timeout: brief,
        operation_timeout: brief,
        min_bytes_per_window: 1,
        ..limits()
    };
    let (store, objects, object) = given(limits.clone()).await;
    let slow = store.put_upload("slow", &noise(40)).await;
    store.server().faults().always("GetObject", "", Fault::Drip(Duration::from_millis(25)));
    assert_eq!(whole(objects.fetch(&portal(), &slow, LIMIT).await).bytes, 40, "a second, at least");

    let config = config(&store.server().endpoint(), &OWNER, store.folder.path().to_owned());
    let limits = Limits { download_timeout: brief, ..limits };
    let objects = Objects::S3(S3::open(S3Config { limits, ..config }).unwrap());
    assert_eq!(cause(objects.fetch(&portal(), &object, LIMIT).await), Cause::TimedOut);
}

#[tokio::test]
async fn a_failure_of_the_temporary_disk_is_not_one_of_the_store() {
    let (store, _, object) = given(limits()).await;
    let config = config(&store.server().endpoint(), &OWNER, store.folder.path().join("absent"));
    let objects = Objects::S3(S3::open(config).unwrap());
    let error = objects.fetch(&portal(), &object, LIMIT).await.unwrap_err();
    assert!(matches!(error, FetchError::Disk(_)));
}
