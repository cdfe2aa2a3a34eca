//! Attacks on a folder, and its behaviour as a store.

use std::os::unix::fs::{MetadataExt, symlink};

use bytes::Bytes;

use super::super::{Download, FetchError, Folder, Objects, StoreError};
use super::store::{Store, folder_config, noise, portal, whole};

const LIMIT: u64 = 1 << 20;

#[tokio::test]
async fn no_key_leads_out_of_its_bucket() {
    let store = Store::folder();
    let root = store.folder.path();
    std::fs::create_dir_all(root.join("uploads-portal/here")).unwrap();
    std::fs::write(root.join("secret"), "secret").unwrap();
    std::fs::write(root.join("uploads-portal/plain"), "plain").unwrap();
    symlink("../secret", root.join("uploads-portal/link")).unwrap();
    symlink("plain", root.join("uploads-portal/inside")).unwrap();
    symlink("..", root.join("uploads-portal/up")).unwrap();
    symlink("/", root.join("uploads-portal/root")).unwrap();
    symlink("nowhere", root.join("uploads-portal/dangles")).unwrap();
    let mut object = store.object("");
    for key in [
        "link",
        "inside",
        "up/secret",
        "root/etc/passwd",
        "dangles",
        "here",
        "plain/below",
        "/etc/passwd",
        "../secret",
        "here/../../secret",
        "a//b",
        "here/",
        "a\0b",
        ".",
    ] {
        object.key = key.to_owned();
        let fetch = store.objects.fetch(&portal(), &object, LIMIT).await;
        assert!(matches!(fetch, Err(FetchError::Refused { .. })), "{key}: {fetch:?}");
        // a rename replaces a link and never follows it
        if !["link", "inside", "dangles"].contains(&key) {
            let put = store
                .objects
                .upload(&portal(), &object, Bytes::from_static(b"x"), "text/plain")
                .await;
            assert!(put.is_err(), "{key}");
        }
    }
    assert_eq!(std::fs::read(root.join("secret")).unwrap(), b"secret");
    assert!(!root.join("uploads-portal/nowhere").exists());
}

#[tokio::test]
async fn unfinished_files_are_removed() {
    let store = Store::folder();
    let root = store.folder.path();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600);
    for (name, is_old) in [(".writing-old", true), (".writing-new", false), ("other", true)] {
        let file = std::fs::File::create(root.join(name)).unwrap();
        if is_old {
            file.set_modified(long_ago).unwrap();
        }
    }
    Folder::open(folder_config(root.to_owned())).unwrap();
    let exists = |name: &str| root.join(name).exists();
    assert!(!exists(".writing-old") && exists(".writing-new") && exists("other"));
}

#[tokio::test]
async fn opening_a_pipe_does_not_wait() {
    let store = Store::folder();
    let uploads = store.folder.path().join("uploads-portal");
    std::fs::create_dir(&uploads).unwrap();
    let pipe = uploads.join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let object = pipeline::application::Object { key: "pipe".to_owned(), ..store.object("") };
    assert!(matches!(
        store.objects.fetch(&portal(), &object, LIMIT).await,
        Err(FetchError::Refused { .. })
    ));
}

#[tokio::test]
async fn only_the_owner_can_read_written_files() {
    let store = Store::folder();
    store
        .objects
        .put("a/b/verdict.json", Bytes::from_static(b"{}"), "application/json")
        .await
        .unwrap();
    let mode = |path: &str| store.folder.path().join(path).metadata().unwrap().mode() & 0o777;
    assert_eq!(["evidence", "evidence/a", "evidence/a/b"].map(mode), [0o700; 3]);
    assert_eq!(mode("evidence/a/b/verdict.json"), 0o600);
    store.objects.delete(&["a/b/verdict.json".to_owned()]).await.unwrap();
    assert!(!store.folder.path().join("evidence/a").exists(), "empty folders go too");
}

#[tokio::test]
async fn readers_see_the_whole_result_or_nothing() {
    let store = Store::folder();
    let (old, new) = (Bytes::from(vec![b'o'; 400_000]), Bytes::from(vec![b'n'; 400_000]));
    store.objects.put("a", old.clone(), "text/plain").await.unwrap();
    let objects = store.objects.clone();
    let writer = tokio::spawn(async move {
        for i in 0..40 {
            let bytes = if i % 2 == 0 { new.clone() } else { old.clone() };
            objects.put("a", bytes, "text/plain").await.unwrap();
        }
    });
    let mut reads = 0;
    while !writer.is_finished() || reads == 0 {
        let read = store.objects.get("a", LIMIT).await.unwrap().unwrap();
        assert!(read.len() == 400_000 && read.iter().all(|byte| *byte == read[0]));
        reads += 1;
    }
    writer.await.unwrap();
    let names: Vec<_> = std::fs::read_dir(store.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 1, "nothing but buckets is left: {names:?}");
}

#[tokio::test]
async fn an_upload_over_the_limit_is_too_large() {
    let store = Store::folder();
    let object = store.put_upload("a", &noise(1000)).await;
    let fetch = store.objects.fetch(&portal(), &object, 1000).await;
    assert_eq!(whole(fetch).bytes, 1000);
    let fetch = store.objects.fetch(&portal(), &object, 0).await;
    assert!(matches!(fetch, Ok(Download::TooLarge { bytes: 1000 })));
}

#[tokio::test]
async fn an_absent_folder_is_not_an_empty_store() {
    let store = Store::folder();
    let absent = folder_config(store.folder.path().join("absent"));
    let problems = Folder::open(absent).unwrap_err();
    assert!(problems.to_string().contains("is not a folder"), "{problems}");
    std::fs::remove_dir(store.folder.path().join("evidence")).unwrap();
    let get = store.objects.get("a", LIMIT).await;
    assert!(matches!(get, Err(StoreError::Refused { .. })), "{get:?}");
    let Objects::Folder(_) = store.objects else { unreachable!() };
}
