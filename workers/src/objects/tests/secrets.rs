//! Secrets are never printed; problems of a configuration are.

use std::path::PathBuf;

use ::tests::services::s3::User;
use bytes::Bytes;

use super::super::{Checksums, Objects, S3, S3Config};
use super::store::{OWNER, SECRET, Store, config, portal, server, whole};
use crate::runtime::secret::Secret;

#[tokio::test]
async fn secrets_are_never_printed() {
    let store = Store::s3();
    let object = store.put_upload("upload", b"bytes").await;
    let wrong = User { secret: "a-wrong-secret", ..OWNER };
    let config = config(&store.server().endpoint(), &wrong, store.folder.path().to_owned());
    let objects = Objects::S3(S3::open(config.clone()).unwrap());
    let fetch = objects.fetch(&portal(), &object, 9).await.unwrap_err();
    let put = objects.put("a", Bytes::from_static(b"x"), "text/plain").await.unwrap_err();
    let checked = objects.check_access(&[portal()]).await;
    let fetched = whole(store.objects.fetch(&portal(), &object, 9).await);
    let text = format!(
        "{config:?} {objects:?} {:?} {fetch} {fetch:?} {put} {put:?} {checked:?} {fetched:?}",
        store.objects
    );
    assert!(text.contains("SignatureDoesNotMatch"), "{text}");
    for hidden in [SECRET, "a-wrong-secret", "bytes\""] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
}

#[test]
fn every_problem_of_a_configuration_is_reported_without_secrets() {
    let mut config = config("https://me:hunter2@store", &OWNER, PathBuf::new());
    config.secret_access_key = Secret::new(format!("{SECRET}\n"));
    config.region = String::new();
    config.buckets.uploads = "../{portal},kz=evidence".parse().unwrap();
    config.ca_file = Some("/absent.pem".into());
    let debug = format!("{config:?}");
    let problems = S3::open(config).unwrap_err();
    assert_eq!(problems.0.len(), 6, "{problems}");
    for text in [debug, problems.to_string(), format!("{problems:?}")] {
        assert!(!text.contains("hunter2") && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn invalid_certificates_are_reported_before_connecting() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["", "no pem", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, text).unwrap();
        let config = config("https://store", &OWNER, PathBuf::new());
        let opened = S3::open(S3Config { ca_file: Some(file), ..config });
        assert!(opened.unwrap_err().to_string().contains("no certificates"), "{text}");
    }
}

#[test]
fn endpoints_are_checked() {
    for (endpoint, good) in [
        ("https://s3.example.org", true),
        ("http://127.0.0.1:9000", true),
        ("http://localhost/s3", true),
        ("http://[::1]:9000", true),
        ("http://s3.example.org", false),
        ("http://10.0.0.7:9000", false),
        ("http://127.example.org", false),
        ("http://localhost.example.org", false),
        ("http://[::1].example.org", false),
        ("http://[2001:db8::1]:9000/[::1]", false),
        ("https://gate.example.org/s3", true),
        ("s3.example.org", false),
        ("https://", false),
        ("https://a b", false),
        ("https://host?x=1", false),
        ("ftp://host", false),
        ("https://:9000", false),
    ] {
        let opened = S3::open(config(endpoint, &OWNER, PathBuf::new()));
        assert_eq!(opened.is_ok(), good, "{endpoint}");
    }
}

#[tokio::test]
async fn checksums_can_be_enabled() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let config = config(&server.endpoint(), &OWNER, folder.path().to_owned());
    let objects =
        Objects::S3(S3::open(S3Config { checksums: Checksums::WhenSupported, ..config }).unwrap());
    objects.put("a", Bytes::from_static(b"bytes"), "text/plain").await.unwrap();
    assert_eq!(objects.get("a", 9).await.unwrap().as_deref(), Some(&b"bytes"[..]));
}
