//! What every store does alike.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use pipeline::application::Object;

use super::super::{Fetch, FetchError, Place, StoreError};
use super::store::{Store, noise, whole};

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
    what_is_not_there_is_missing,
    nothing_is_fetched_from_elsewhere,
    results_are_got_as_they_were_put,
    keys_may_hold_any_letters,
    deleting_is_done_once_and_for_all,
    results_are_listed_by_prefix,
    long_lists_are_whole,
    keys_may_be_long_but_not_endless,
);

async fn an_upload_is_fetched_with_its_hash(store: Store) {
    let bytes = noise(300_000);
    let object = store.given("a/passport.jpg", &bytes).await;
    let fetched = whole(store.objects.fetch(&object, LIMIT).await);
    assert_eq!(fetched.bytes, 300_000);
    assert_eq!(fetched.sha256, sha256(&bytes));
    assert!(fetched.read().unwrap() == bytes);

    let object = store.given("empty", b"").await;
    let fetched = whole(store.objects.fetch(&object, LIMIT).await);
    assert_eq!(fetched.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(fetched.read().unwrap(), b"");
}

async fn an_upload_is_fetched_up_to_the_limit(store: Store) {
    let object = store.given("large", &noise(1000)).await;
    assert_eq!(whole(store.objects.fetch(&object, 1000).await).bytes, 1000);
    let fetch = store.objects.fetch(&object, 999).await;
    assert!(matches!(fetch, Ok(Fetch::TooLarge { bytes: 1000 })), "{fetch:?}");
    store.objects.put(&store.key("large"), noise(1000).into(), "image/png").await.unwrap();
    let got = store.objects.get(&store.key("large"), 999).await;
    assert!(matches!(got, Err(StoreError::TooLarge { bytes: 1000, .. })));
}

async fn what_is_not_there_is_missing(store: Store) {
    let absent = store.object("absent");
    let fetch = store.objects.fetch(&absent, LIMIT).await;
    assert!(matches!(fetch, Err(FetchError::Missing(Place { key, .. })) if key == absent.key));
    assert_eq!(store.objects.get(&store.key("a/b/c"), LIMIT).await.unwrap(), None);
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), [""; 0]);
    store.objects.ready().await.unwrap();
}

async fn nothing_is_fetched_from_elsewhere(store: Store) {
    let result = store.key("verdict.json");
    store.objects.put(&result, Bytes::from_static(b"{}"), "application/json").await.unwrap();
    let upload = store.given("upload", b"bytes").await;
    let results = format!("../results/{result}");
    let places = [
        ("results", result.as_str()),
        ("elsewhere", "a"),
        (&upload.bucket, &results),
        (&upload.bucket, "a/./b"),
    ];
    for (bucket, key) in places {
        let object = Object { bucket: bucket.to_owned(), key: key.to_owned(), version_id: None };
        let fetch = store.objects.fetch(&object, LIMIT).await;
        assert!(matches!(fetch, Err(FetchError::Refused { .. })), "{bucket} {key}: {fetch:?}");
        let put = store.objects.upload(&object, Bytes::new(), "text/plain").await;
        assert!(matches!(put, Err(StoreError::Refused { .. })), "{bucket} {key}: {put:?}");
    }
    let key = format!("../uploads/{}", upload.key);
    assert!(matches!(store.objects.get(&key, LIMIT).await, Err(StoreError::Refused { .. })));
    assert!(matches!(store.objects.delete(&[key]).await, Err(StoreError::Refused { .. })));
    assert_eq!(whole(store.objects.fetch(&upload, LIMIT).await).bytes, 5);
}

async fn results_are_got_as_they_were_put(store: Store) {
    let key = store.key("a/verdict.json");
    for body in [&b"first"[..], b"second, and longer", b"third", b"third", b""] {
        store.objects.put(&key, Bytes::copy_from_slice(body), "application/json").await.unwrap();
        assert_eq!(store.objects.get(&key, LIMIT).await.unwrap().as_deref(), Some(body));
    }
}

async fn keys_may_hold_any_letters(store: Store) {
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
        let object = store.given(name, name.as_bytes()).await;
        let fetched = whole(store.objects.fetch(&object, LIMIT).await);
        assert_eq!(fetched.read().unwrap(), name.as_bytes());
        store.objects.put(&store.key(name), name.to_owned().into(), "text/plain").await.unwrap();
    }
    let mut keys = names.map(|name| store.key(name));
    keys.sort();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), keys);
    store.objects.delete(&keys).await.unwrap();
    assert_eq!(store.objects.list(&store.prefix).await.unwrap(), [""; 0]);
}

async fn deleting_is_done_once_and_for_all(store: Store) {
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

/// More than the thousand that a page of S3 holds.
async fn long_lists_are_whole(store: Store) {
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

/// The keys of all pages, none of which is longer than S3's.
async fn pages(store: &Store) -> Vec<String> {
    let begun = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    let mut keys: Vec<String> = Vec::new();
    loop {
        let after = keys.last().map_or("", String::as_str);
        let page = store.objects.page(&store.prefix, after).await.unwrap();
        if page.is_empty() {
            return keys;
        }
        assert!(page.len() <= 1000 && page.iter().all(|found| found.changed > begun));
        keys.extend(page.into_iter().map(|found| found.key));
    }
}

/// A thousand bytes are the most that a key may have.
async fn keys_may_be_long_but_not_endless(store: Store) {
    // what a file system takes that names files after keys
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
