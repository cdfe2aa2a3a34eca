use std::time::Duration;

use jiff::SignedDuration;

use super::*;

both! {
    two_documents_finished_at_once_are_both_kept
    revisions_of_many_writers_have_no_gaps
    of_many_processes_one_holds_a_lease
    a_lease_from_a_wrong_clock_does_not_last
    of_many_deliveries_one_is_new
    an_aborted_transaction_releases_its_lock
}

/// Finishes a document as a worker does: judged from the record under the lock.
async fn finish(registry: Registry, application: ApplicationKey, document_id: &'static str) {
    let mut locked = registry.lock(&application, at(1)).await.unwrap();
    locked.put_examination_state(document_id, &examined(document_id)).await.unwrap();
    let documents = &locked.record().documents;
    let examined = documents.iter().filter(|d| d.examination != ExaminationState::Pending).count();
    let new = NewRevision {
        complete: examined == documents.len(),
        ..new_revision("", &format!("{examined} examined"))
    };
    locked.add_revision(&new).await.unwrap();
    locked.commit().await.unwrap();
}

async fn two_documents_finished_at_once_are_both_kept(database: TestDatabase) {
    for round in 0..50 {
        let id = format!("A-{round}");
        let mut locked = database.lock(&id, at(0)).await.unwrap();
        locked.put_application(&application(&id, &["D-1", "D-2"]), at(0), at(0)).await.unwrap();
        for document_id in ["D-1", "D-2"] {
            locked.put_document(&document(document_id), "petition", at(0)).await.unwrap();
        }
        locked.commit().await.unwrap();

        let one = tokio::spawn(finish(database.clone(), key(&id), "D-1"));
        let other = tokio::spawn(finish(database.clone(), key(&id), "D-2"));
        one.await.unwrap();
        other.await.unwrap();
        let record = database.find_application(&id).await.unwrap().unwrap();
        assert!(
            record.documents.iter().all(|d| d.examination != ExaminationState::Pending),
            "{record:?}"
        );
        let revisions = database.revisions(&id).await.unwrap();
        assert_eq!(revisions.len(), 2);
        assert_eq!(revisions[1].digest, "2 examined", "the second sees the change of the first");
        assert!(revisions[1].complete);
    }
}

async fn revisions_of_many_writers_have_no_gaps(database: TestDatabase) {
    let writers: Vec<_> = (0..12)
        .map(|i| {
            let registry = database.clone();
            tokio::spawn(async move {
                let mut locked = registry.lock(&key("A-1"), at(i)).await.unwrap();
                locked.add_revision(&new_revision("", &format!("d{i}"))).await.unwrap();
                locked.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let revisions = database.revisions("A-1").await.unwrap();
    assert_eq!(revisions.len(), 12);
    for (i, pair) in revisions.windows(2).enumerate() {
        assert_eq!(pair[0].revision as usize, i + 1);
        assert_eq!(pair[1].previous_digest.as_ref(), Some(&pair[0].digest));
    }
}

const LONG: Duration = Duration::from_secs(600);
const EXPIRE: &str = "UPDATE leases SET expires_at = '2020-01-01T00:00:00.000000Z'";

async fn of_many_processes_one_holds_a_lease(database: TestDatabase) {
    let acquire =
        async |name: &str, holder: &str| database.acquire_lease(name, holder, LONG).await.unwrap();
    for round in 0..5 {
        let takers: Vec<_> = (0..8)
            .map(|i| {
                let registry = database.clone();
                tokio::spawn(async move {
                    let holder = format!("{round}-{i}");
                    (registry.acquire_lease("maintenance", &holder, LONG).await.unwrap(), holder)
                })
            })
            .collect();
        let mut holders = Vec::new();
        for taker in takers {
            let (taken, holder) = taker.await.unwrap();
            holders.extend(taken.then_some(holder));
        }
        assert_eq!(holders.len(), 1, "{holders:?}");
        database.run_raw(EXPIRE).await;
        assert!(acquire("maintenance", &holders[0]).await, "the holder renews it");
        assert!(!acquire("maintenance", "other").await, "it was renewed");
        database.run_raw(EXPIRE).await;
    }
    assert!(acquire("maintenance", "other").await, "it expired");
    database.release_lease("maintenance", "nobody").await.unwrap();
    assert!(!acquire("maintenance", "third").await);
    database.release_lease("maintenance", "other").await.unwrap();
    assert!(acquire("maintenance", "third").await);
    assert!(acquire("another", "fourth").await);
    let day = Duration::from_secs(24 * 60 * 60);
    assert!(database.acquire_lease("maintenance", "third", day).await.is_err(), "too long");
}

/// A process whose clock is wrong wrote it, and ended.
async fn a_lease_from_a_wrong_clock_does_not_last(database: TestDatabase) {
    let hour = statement::format_instant(Timestamp::now() + SignedDuration::from_hours(1));
    for wrong in ["2099-01-01T00:00:00.000000Z", &hour] {
        assert!(database.acquire_lease("maintenance", "wrong", LONG).await.unwrap());
        let text = format!("UPDATE leases SET expires_at = '{wrong}'");
        database.run_raw(text.leak()).await;
        assert!(database.acquire_lease("maintenance", "right", LONG).await.unwrap(), "{wrong}");
        assert!(!database.acquire_lease("maintenance", "wrong", LONG).await.unwrap());
        database.release_lease("maintenance", "right").await.unwrap();
    }
}

async fn of_many_deliveries_one_is_new(database: TestDatabase) {
    let takers: Vec<_> = (0..8)
        .map(|_| {
            let registry = database.clone();
            tokio::spawn(async move {
                let mut locked = registry.lock(&key("A-1"), at(0)).await.unwrap();
                let taken = locked.record_command(&command("c", "aa")).await.unwrap();
                locked.commit().await.unwrap();
                taken
            })
        })
        .collect();
    let mut new = 0;
    for taker in takers {
        match taker.await.unwrap() {
            CommandReceipt::New => new += 1,
            taken => assert_eq!(taken, CommandReceipt::Repeated),
        }
    }
    assert_eq!(new, 1);
}

async fn an_aborted_transaction_releases_its_lock(database: TestDatabase) {
    let registry = database.clone();
    let (tell, held) = tokio::sync::oneshot::channel();
    let holder = tokio::spawn(async move {
        let mut locked = registry.lock(&key("A-1"), at(0)).await.unwrap();
        locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
        tell.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    held.await.unwrap();
    holder.abort();
    assert!(holder.await.unwrap_err().is_cancelled());
    let locked = database.lock("A-1", at(1)).await.unwrap();
    assert!(locked.record().documents.is_empty());
    locked.commit().await.unwrap();
}
