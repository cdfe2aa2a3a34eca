use std::time::Duration;

use super::*;

both! {
    two_documents_finished_at_once_are_both_kept
    revisions_of_many_writers_have_no_gaps
    of_many_only_one_holds_a_lease
    of_many_deliveries_one_is_new
    an_aborted_holder_lets_go
}

/// What [`crate`]'s workers do with a document: judged from the record that the lock gave.
async fn finish(registry: Registry, application_id: String, document_id: &'static str) {
    let mut locked = registry.lock(&application_id, at(1)).await.unwrap();
    locked.put_examination_state(document_id, &examined(document_id)).await.unwrap();
    let documents = &locked.record().documents;
    let seen = documents.iter().filter(|d| d.examination != ExaminationState::Pending).count();
    let new = NewRevision {
        complete: seen == documents.len(),
        ..new_revision("", &format!("{seen} seen"))
    };
    locked.add_revision(&new).await.unwrap();
    locked.commit().await.unwrap();
}

async fn two_documents_finished_at_once_are_both_kept(place: Place) {
    for round in 0..50 {
        let id = format!("A-{round}");
        let mut locked = place.lock(&id, at(0)).await.unwrap();
        locked.put_application(&application(&id, &["D-1", "D-2"]), at(0), at(0)).await.unwrap();
        for document_id in ["D-1", "D-2"] {
            locked.put_document(&document(document_id), "petition", at(0)).await.unwrap();
        }
        locked.commit().await.unwrap();

        let one = tokio::spawn(finish(place.clone(), id.clone(), "D-1"));
        let other = tokio::spawn(finish(place.clone(), id.clone(), "D-2"));
        one.await.unwrap();
        other.await.unwrap();
        let record = place.find_application(&id).await.unwrap().unwrap();
        assert!(
            record.documents.iter().all(|d| d.examination != ExaminationState::Pending),
            "{record:?}"
        );
        let revisions = place.revisions(&id).await.unwrap();
        assert_eq!(revisions.len(), 2);
        assert_eq!(revisions[1].digest, "2 seen", "the second saw what the first did");
        assert!(revisions[1].complete);
    }
}

async fn revisions_of_many_writers_have_no_gaps(place: Place) {
    let writers: Vec<_> = (0..12)
        .map(|i| {
            let registry = place.clone();
            tokio::spawn(async move {
                let mut locked = registry.lock("A-1", at(i)).await.unwrap();
                locked.add_revision(&new_revision("", &format!("d{i}"))).await.unwrap();
                locked.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let revisions = place.revisions("A-1").await.unwrap();
    assert_eq!(revisions.len(), 12);
    for (i, pair) in revisions.windows(2).enumerate() {
        assert_eq!(pair[0].revision as usize, i + 1);
        assert_eq!(pair[1].previous_digest.as_ref(), Some(&pair[0].digest));
    }
}

async fn of_many_only_one_holds_a_lease(place: Place) {
    const LONG: Duration = Duration::from_secs(30);
    for round in 0..5 {
        let now = at(round * 100);
        let takers: Vec<_> = (0..8)
            .map(|i| {
                let registry = place.clone();
                tokio::spawn(async move {
                    let holder = format!("{round}-{i}");
                    (registry.acquire_lease("keep", &holder, LONG, now).await.unwrap(), holder)
                })
            })
            .collect();
        let mut holders = Vec::new();
        for taker in takers {
            let (taken, holder) = taker.await.unwrap();
            holders.extend(taken.then_some(holder));
        }
        assert_eq!(holders.len(), 1, "{holders:?}");
        let renewed = place.acquire_lease("keep", &holders[0], LONG, at(round * 100 + 20)).await;
        assert!(renewed.unwrap(), "its holder renews it");
        let early = place.acquire_lease("keep", "other", LONG, at(round * 100 + 40)).await;
        assert!(!early.unwrap(), "it was renewed");
    }
    let holder = place.acquire_lease("keep", "other", LONG, at(500)).await.unwrap();
    assert!(holder, "it ran out");
    place.release_lease("keep", "nobody").await.unwrap();
    assert!(!place.acquire_lease("keep", "third", LONG, at(501)).await.unwrap());
    place.release_lease("keep", "other").await.unwrap();
    assert!(place.acquire_lease("keep", "third", LONG, at(501)).await.unwrap());
    assert!(place.acquire_lease("another", "fourth", LONG, at(501)).await.unwrap());
}

async fn of_many_deliveries_one_is_new(place: Place) {
    let takers: Vec<_> = (0..8)
        .map(|_| {
            let registry = place.clone();
            tokio::spawn(async move {
                let mut locked = registry.lock("A-1", at(0)).await.unwrap();
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

async fn an_aborted_holder_lets_go(place: Place) {
    let registry = place.clone();
    let (tell, held) = tokio::sync::oneshot::channel();
    let holder = tokio::spawn(async move {
        let mut locked = registry.lock("A-1", at(0)).await.unwrap();
        locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
        tell.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    held.await.unwrap();
    holder.abort();
    assert!(holder.await.unwrap_err().is_cancelled());
    let locked = place.lock("A-1", at(1)).await.unwrap();
    assert!(locked.record().documents.is_empty());
    locked.commit().await.unwrap();
}
