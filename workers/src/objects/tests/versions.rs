//! A bucket that keeps versions, and encryption that is asked for.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::routing::{any, delete};
use bytes::Bytes;

use super::super::{Encryption, Objects, S3, S3Config};
use super::store::{OWNER, config, server};

const EMPTY: &str = r#"<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>"#;
const FIRST: &str = r#"<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
    <IsTruncated>true</IsTruncated>
    <NextKeyMarker>a/1</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>
    <Version><Key>a/1</Key><VersionId>v1</VersionId></Version>
    <DeleteMarker><Key>a/1</Key><VersionId>v2</VersionId></DeleteMarker>
</ListVersionsResult>"#;
const LAST: &str = r#"<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
    <IsTruncated>false</IsTruncated>
    <Version><Key>a/2</Key><VersionId>v3</VersionId></Version>
</ListVersionsResult>"#;

/// No store of the tests keeps versions: its answers are those of the S3 reference.
#[tokio::test]
async fn erasure_deletes_every_version_and_mark() {
    let deleted = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&deleted);
    let listed = |RawQuery(query): RawQuery| async move {
        let query = query.unwrap_or_default();
        let is_of_versions = query.split('&').any(|one| one.starts_with("versions"));
        match (is_of_versions, query.contains("version-id-marker=v2")) {
            (false, _) => EMPTY,
            (true, false) => FIRST,
            (true, true) => LAST,
        }
    };
    let deleted_one = move |Path(key): Path<String>, RawQuery(query): RawQuery| async move {
        seen.lock().unwrap().insert(format!("{key}?{}", query.unwrap_or_default()));
        StatusCode::NO_CONTENT
    };
    let router = Router::new()
        .route("/results", any(listed))
        .route("/evidence/", any(listed))
        .route("/evidence/{*key}", delete(deleted_one));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let objects = Objects::S3(S3::open(config(&endpoint, &OWNER, PathBuf::new())).unwrap());
    objects.erase("a/").await.unwrap();
    let deleted: Vec<String> = deleted.lock().unwrap().iter().cloned().collect();
    let versions = ["a/1?versionId=v1", "a/1?versionId=v2", "a/2?versionId=v3"];
    assert_eq!(deleted.len(), 3, "{deleted:?}");
    for (found, version) in deleted.iter().zip(versions) {
        assert!(found.contains(version.split_once('?').unwrap().1), "{found}");
        assert!(found.starts_with(version.split('?').next().unwrap()), "{found}");
    }
}

#[tokio::test]
async fn erasure_works_where_the_store_knows_no_versions() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let config = config(&server.endpoint(), &OWNER, folder.path().to_owned());
    let objects = Objects::S3(S3::open(config).unwrap());
    objects.put("a/1", Bytes::from_static(b"bytes"), "text/plain").await.unwrap();
    objects.erase("a/").await.unwrap();
    assert_eq!(objects.get("a/1", 9).await.unwrap(), None);
}

#[tokio::test]
async fn encryption_is_asked_for() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    for (text, asked) in [
        ("bucket", None),
        ("AES256", Some("AES256")),
        ("aws:kms", Some("aws:kms")),
        ("aws:kms:key-1", Some("aws:kms")),
    ] {
        let config = config(&server.endpoint(), &OWNER, folder.path().to_owned());
        let config = S3Config { encryption: text.parse().unwrap(), ..config };
        let objects = Objects::S3(S3::open(config).unwrap());
        objects.put("a", Bytes::from_static(b"bytes"), "text/plain").await.unwrap();
        let requests = server.faults().requests();
        assert_eq!(requests.last().unwrap().encryption.as_deref(), asked, "{text}");
    }
    for wrong in ["", "aes256", "aws:kms:", "none"] {
        assert!(wrong.parse::<Encryption>().is_err(), "{wrong}");
    }
}
