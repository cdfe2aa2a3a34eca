//! Behaviour that all stores have in common.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use pipeline::application::Object;

use super::super::{Download, FetchError, ObjectLocation, StoreError};
use super::store::{Store, noise, portal, whole};

const LIMIT: u64 = 1 << 20;

macro_rules! for_every_store {
    ($($name:ident),+ $(,)?) => {
        mod s3 { $(#[tokio::test] async fn $name() { super::$name(super::Store::s3()).await })+ }
        mod folder { $(#[tokio::test] async fn $name() { super::$name(super::Store::folder()).await })+ }
        mod named { $(
            #[tokio::test]
            #[ignore = "needs a store: TEKSERU_TEST_S3 or TEKSERU_TEST_GARAGE"]
            async fn $name() { super::$name(super::Store::named()).await }
        )+ }
    };
}

for_every_store!(
    an_upload_is_fetched_with_its_hash,
    an_upload_is_fetched_up_to_the_limit,
    an_absent_object_is_missing,
    only_upload_buckets_are_read,
    results_are_read_as_they_were_written,
    keys_may_have_any_characters,
    deleting_twice_is_deleting_once,
    results_are_listed_by_prefix,
    long_listings_are_complete,
    keys_have_a_maximum_length,
);

async fn an_upload_is_fetched_with_its_hash(store: Store) {
    let bytes = noise(300_000);
    let object = store.put_upload("a/passport.jpg", &bytes).await;
    let fetched = whole(store.objects.fetch(&portal(), &object, LIMIT).await);
    assert_eq!(fetched.bytes, 300_000);
    assert_eq!(fetched.sha256, sha256(&bytes));
    assert!(fetched.read().unwrap() == bytes);

    let object = store.put_upload("empty", b"").await;
    let fetched = whole(store.objects.fetch(&portal(), &object, LIMIT).await);
    assert_eq!(fetched.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(fetched.read().unwrap(), b"");
}

async fn an_upload_is_fetched_up_to_the_limit(store: Store) {
    let object = store.put_upload("large", &noise(1000)).await;
    assert_eq!(whole(store.objects.fetch(&portal(), &object, 1000).await).bytes, 1000);
    let fetch = store.objects.fetch(&portal(), &object, 999).await;
    assert!(matches!(fetch, Ok(Download::TooLarge { bytes: 1000 })), "{fetch:?}");
    store.objects.put(&store.key("large"), noise(1000).into(), "image/png").await.unwrap();
    let got = store.objects.get(&store.key("large"), 999).await;
    assert!(matches!(got, Err(StoreError::TooLarge { bytes: 1000, .. })));
}

async fn an_absent_object_is_missing(store: Store) {
    let absent = store.object("absent");
    let fetch = store.objects.fetch(&portal(), &absent, LIMIT).await;
    assert!(
        matches!(fetch, Err(FetchError::Missing(ObjectLocation { key, .. })) if key == absent.key)
    );
    assert_eq!(store.objects.get(&store.key("a/b/c"), LIMIT).await.unwrap(), None);
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), [""; 0]);
    store.objects.check_ready().await.unwrap();
}

async fn only_upload_buckets_are_read(store: Store) {
    let result = store.key("verdict.json");
    store.objects.put(&result, Bytes::from_static(b"{}"), "application/json").await.unwrap();
    let upload = store.put_upload("upload", b"bytes").await;
    let results = format!("../evidence/{result}");
    let locations = [
        ("evidence", result.as_str()),
        ("elsewhere", "a"),
        (&upload.bucket, &results),
        (&upload.bucket, "a/./b"),
    ];
    for (bucket, key) in locations {
        let object = Object { bucket: bucket.to_owned(), key: key.to_owned(), version_id: None };
        let fetch = store.objects.fetch(&portal(), &object, LIMIT).await;
        assert!(matches!(fetch, Err(FetchError::Refused { .. })), "{bucket} {key}: {fetch:?}");
        let put = store.objects.upload(&portal(), &object, Bytes::new(), "text/plain").await;
        assert!(matches!(put, Err(StoreError::Refused { .. })), "{bucket} {key}: {put:?}");
    }
    let key = format!("../uploads-portal/{}", upload.key);
    assert!(matches!(store.objects.get(&key, LIMIT).await, Err(StoreError::Refused { .. })));
    assert!(matches!(store.objects.delete(&[key]).await, Err(StoreError::Refused { .. })));
    assert_eq!(whole(store.objects.fetch(&portal(), &upload, LIMIT).await).bytes, 5);
}

async fn results_are_read_as_they_were_written(store: Store) {
    let key = store.key("a/verdict.json");
    for body in [&b"first"[..], b"second, and longer", b"third", b"third", b""] {
        store.objects.put(&key, Bytes::copy_from_slice(body), "application/json").await.unwrap();
        assert_eq!(store.objects.get(&key, LIMIT).await.unwrap().as_deref(), Some(body));
    }
}

async fn keys_may_have_any_characters(store: Store) {
    let names = [
        "a b",
        "a+b",
        "a%20b",
        "паспорт.jpg",
        "a&b=c?d#e",
        "'\"<>",
        "~!@$^*()",
        "..a/b..",
        "a:b|c\\d",
    ];
    for name in names {
        let object = store.put_upload(name, name.as_bytes()).await;
        let fetched = whole(store.objects.fetch(&portal(), &object, LIMIT).await);
        assert_eq!(fetched.read().unwrap(), name.as_bytes());
        store.objects.put(&store.key(name), name.to_owned().into(), "text/plain").await.unwrap();
    }
    let mut keys = names.map(|name| store.key(name));
    keys.sort();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), keys);
    store.objects.delete(&keys).await.unwrap();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), [""; 0]);
}

async fn deleting_twice_is_deleting_once(store: Store) {
    let keys = ["a/1", "a/2", "b"].map(|name| store.key(name));
    for key in &keys {
        store.objects.put(key, Bytes::from_static(b"x"), "text/plain").await.unwrap();
    }
    for _ in 0..2 {
        store.objects.delete(&keys[..2]).await.unwrap();
        assert_eq!(store.objects.list(&store.prefix).await.unwrap(), keys[2..]);
    }
    assert_eq!(store.objects.get(&keys[0], LIMIT).await.unwrap(), None);
    store.objects.put(&keys[0], Bytes::from_static(b"again"), "text/plain").await.unwrap();
    assert_eq!(store.objects.get(&keys[0], LIMIT).await.unwrap().as_deref(), Some(&b"again"[..]));
}

async fn results_are_listed_by_prefix(store: Store) {
    for name in ["A-1/x", "A-1/y/z", "A-10/x", "B"] {
        store.objects.put(&store.key(name), Bytes::from_static(b"x"), "text/plain").await.unwrap();
    }
    for (prefix, names) in [
        ("A-1/", &["A-1/x", "A-1/y/z"][..]),
        ("A-1", &["A-1/x", "A-1/y/z", "A-10/x"]),
        ("A-1/y", &["A-1/y/z"]),
        ("A-1/y/z", &["A-1/y/z"]),
        ("C", &[]),
    ] {
        let keys: Vec<String> = names.iter().map(|name| store.key(name)).collect();
        assert_eq!(store.objects.list(&store.key(prefix)).await.unwrap(), keys, "{prefix}");
    }
}

/// More than the thousand keys of one page of S3.
async fn long_listings_are_complete(store: Store) {
    let keys: Vec<String> = (0..1003).map(|i| store.key(&format!("{i:04}"))).collect();
    let puts =
        keys.iter().map(|key| store.objects.put(key, Bytes::from_static(b"x"), "text/plain"));
    let put: Vec<_> = stream::iter(puts).buffer_unordered(16).collect().await;
    assert!(put.iter().all(Result::is_ok));
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), keys);
    assert_eq!(pages(&store).await, keys);
    store.objects.delete(&keys).await.unwrap();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), [""; 0]);
}

/// Returns the keys of all pages, and checks their length.
async fn pages(store: &Store) -> Vec<String> {
    let begun = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    let mut keys: Vec<String> = Vec::new();
    loop {
        let after = keys.last().map_or("", String::as_str);
        let page = store.objects.list_page(&store.prefix, after).await.unwrap();
        if page.is_empty() {
            return keys;
        }
        assert!(page.len() <= 1000 && page.iter().all(|found| found.last_modified > begun));
        keys.extend(page.into_iter().map(|found| found.key));
    }
}

/// The limit of S3 is 1024 bytes.
async fn keys_have_a_maximum_length(store: Store) {
    // short enough for a store that uses keys as file names
    let long = store.key(&format!("{}/{}", "k".repeat(25), "l".repeat(25)));
    store.objects.put(&long, Bytes::from_static(b"x"), "text/plain").await.unwrap();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), [long]);
    let longer = store.key(&"k/".repeat(600));
    let put = store.objects.put(&longer, Bytes::from_static(b"x"), "text/plain").await;
    assert!(matches!(put, Err(StoreError::Refused { .. })), "{put:?}");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
