use super::*;
use crate::registry::counts::Backlogs;

both! {
    lanes_are_paused_and_resumed
    workers_are_listed_by_their_heartbeats
    due_applications_are_listed
    a_group_is_read_and_scheduled_at_once
    a_group_ends_where_it_has_enough_documents
    submitted_applications_are_listed
    everything_is_counted
}

async fn lanes_are_paused_and_resumed(database: TestDatabase) {
    assert!(database.paused_lanes().await.unwrap().is_empty());
    database.pause_lane("passport", "operator", at(0)).await.unwrap();
    database.pause_lane("passport", "operator", at(1)).await.unwrap();
    database.pause_lane("paper", "operator", at(2)).await.unwrap();
    let paused: Vec<_> = database.paused_lanes().await.unwrap().into_iter().collect();
    assert_eq!(paused, ["paper", "passport"]);
    database.resume_lane("passport", "operator", at(3)).await.unwrap();
    database.resume_lane("portrait", "operator", at(3)).await.unwrap();
    assert_eq!(database.paused_lanes().await.unwrap().len(), 1);
    let audit = database.audit_rows(0, 10).await.unwrap();
    let words: Vec<_> = audit.iter().map(|row| row.entry.action.as_str()).collect();
    assert_eq!(
        words,
        ["lane.paused", "lane.paused", "lane.resumed"],
        "a call without effect is not in the audit"
    );
    assert_eq!(audit[2].occurred_at, at(3));
}

async fn workers_are_listed_by_their_heartbeats(database: TestDatabase) {
    let worker = |id: &str, seconds| WorkerRow {
        id: id.to_owned(),
        host: "node-1".to_owned(),
        pid: 4_000_000_000,
        version: "0.1.0".to_owned(),
        started_at: at(0),
        last_heartbeat_at: at(seconds),
        slots: r#"{"passport":2}"#.to_owned(),
        sandbox: "landlock".to_owned(),
    };
    database.heartbeat(&worker("w-1", 10)).await.unwrap();
    database.heartbeat(&worker("w-2", 10)).await.unwrap();
    database.heartbeat(&worker("w-1", 20)).await.unwrap();
    assert_eq!(database.active_workers(at(20)).await.unwrap(), [worker("w-1", 20)]);
    assert_eq!(database.active_workers(at(0)).await.unwrap().len(), 2);
    assert_eq!(database.prune_workers(at(10)).await.unwrap(), 0);
    database.deregister("w-1").await.unwrap();
    assert_eq!(database.active_workers(at(0)).await.unwrap(), [worker("w-2", 10)]);
    assert_eq!(database.prune_workers(at(11)).await.unwrap(), 1);
}

async fn scheduled(database: &TestDatabase, id: &str, judge: Option<&str>, remind: Option<&str>) {
    database.store_examined(id, &[]).await;
    let mut locked = database.lock(id, at(0)).await.unwrap();
    let schedule = Schedule {
        due_on: Some(day("2026-02-20")),
        accepted_on: Some(day("2026-01-05")),
        next_judge_on: judge.map(day),
        next_reminder_on: remind.map(day),
    };
    locked.set_schedule(&schedule).await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(database.find_application(id).await.unwrap().unwrap().schedule, schedule);
}

async fn due_applications_are_listed(database: TestDatabase) {
    scheduled(&database, "A-1", Some("2026-02-01"), Some("2026-02-10")).await;
    scheduled(&database, "A-2", Some("2026-02-02"), None).await;
    scheduled(&database, "A-3", None, Some("2026-01-31")).await;
    scheduled(&database, "A-4", None, None).await;
    let on = async |list, today, after: &DuePlace, limit| {
        database.due_applications(list, day(today), after, limit).await.unwrap()
    };
    let ids =
        |due: &[Due]| due.iter().map(|due| due.application.id().to_owned()).collect::<Vec<_>>();
    let (judging, first) = (DueList::Judging, DuePlace::default());
    assert!(on(judging, "2026-01-31", &first, 10).await.is_empty());
    assert_eq!(ids(&on(judging, "2026-02-01", &first, 10).await), ["A-1"]);
    let page = on(judging, "2026-02-10", &first, 1).await;
    assert_eq!(ids(&page), ["A-1"]);
    assert_eq!(ids(&on(judging, "2026-02-10", &page[0].place(), 10).await), ["A-2"]);
    assert_eq!(ids(&on(DueList::Reminder, "2026-02-10", &first, 10).await), ["A-3", "A-1"]);
    scheduled(&database, "A-3", None, None).await;
    database.delete_expired("A-1", at(999), at(1), "maintenance").await.unwrap();
    assert_eq!(ids(&on(judging, "2026-02-10", &first, 10).await), ["A-2"]);
    assert!(on(DueList::Reminder, "2026-02-10", &first, 10).await.is_empty());
}

async fn a_group_is_read_and_scheduled_at_once(database: TestDatabase) {
    for id in ["A-1", "A-2", "A-3"] {
        scheduled(&database, id, Some("2026-02-01"), None).await;
    }
    let mut locked = database.lock("A-2", at(1)).await.unwrap();
    locked.put_document(&document("D-1"), "petition", at(1)).await.unwrap();
    locked.put_replacement("D-1", "D-2", at(1)).await.unwrap();
    for digest in ["d1", "d2"] {
        locked.add_revision(&new_revision("", digest)).await.unwrap();
    }
    locked.add_revision(&new_revision("D-1", "d3")).await.unwrap();
    locked.commit().await.unwrap();
    let group = database.lock_group(&[key("A-1"), key("A-2")]).await.unwrap();
    for member in group.members() {
        let id = member.record.key.id();
        assert!(database.find_application(id).await.unwrap().as_ref() == Some(&member.record));
        let latest = database.latest_revision(id, "").await.unwrap();
        let latest = latest.map(|latest| (latest.digest, latest.judged_on));
        assert_eq!(member.latest, latest, "{id}");
    }
    let [one, two] = group.members() else { panic!("{}", group.members().len()) };
    assert_eq!((one.latest.is_some(), two.latest.is_some()), (false, true));
    assert!(two.record.documents[0].is_replaced);
    group.reschedule(&[(key("A-1"), day("2026-02-09"))]).await.unwrap();
    let next = async |id| database.find_application(id).await.unwrap().unwrap().schedule;
    assert_eq!(next("A-1").await.next_judge_on, Some(day("2026-02-09")));
    assert_eq!(next("A-1").await.due_on, Some(day("2026-02-20")), "the rest stays");
    assert_eq!(next("A-2").await.next_judge_on, Some(day("2026-02-01")));
}

async fn a_group_ends_where_it_has_enough_documents(database: TestDatabase) {
    // 400 documents are read: the last of them may not be all of A-3
    for (id, documents) in [("A-1", 200), ("A-2", 150), ("A-3", 50), ("A-4", 1)] {
        let mut locked = database.lock(id, at(0)).await.unwrap();
        for number in 0..documents {
            let document = document(&format!("D-{number}"));
            locked.put_document(&document, "petition", at(1)).await.unwrap();
        }
        locked.commit().await.unwrap();
    }
    let all = ["A-4", "A-3", "A-2", "A-1"].map(key);
    let group = database.lock_group(&all).await.unwrap();
    let read: Vec<_> = group.members().iter().map(|member| &member.record).collect();
    let counts: Vec<_> = read.iter().map(|record| record.documents.len()).collect();
    assert_eq!((read[0].key.id(), &counts[..]), ("A-1", &[200, 150][..]));
    assert_eq!(group.left_out(), ["A-3", "A-4"].map(key));
    let left_out = group.left_out().to_vec();
    group.reschedule(&[]).await.unwrap();
    let rest = database.lock_group(&left_out).await.unwrap();
    let counts: Vec<_> = rest.members().iter().map(|m| m.record.documents.len()).collect();
    assert_eq!((&counts[..], rest.left_out()), (&[50, 1][..], &[][..]));
}

/// SQLite has one writer, who waits instead.
#[tokio::test]
async fn a_group_skips_what_another_transaction_holds() {
    let database = TestDatabase::postgres().await;
    for id in ["A-1", "A-2"] {
        scheduled(&database, id, Some("2026-02-01"), None).await;
    }
    let held = database.lock("A-1", at(1)).await.unwrap();
    let group = database.lock_group(&["A-1", "A-2"].map(key)).await.unwrap();
    let read: Vec<_> = group.members().iter().map(|member| member.record.key.id()).collect();
    assert_eq!((&read[..], group.left_out()), (&["A-2"][..], &[][..]));
    held.commit().await.unwrap();
}

async fn submitted_applications_are_listed(database: TestDatabase) {
    for id in ["A-3", "A-1", "A-2"] {
        database.store_examined(id, &[]).await;
    }
    database.lock("A-0", at(0)).await.unwrap().commit().await.unwrap();
    let mut locked = database.lock("A-2", at(0)).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    let mut other = application("A-2", &[]);
    other.stage = "other".to_owned();
    locked.put_application(&other, at(0), at(0)).await.unwrap();
    locked.commit().await.unwrap();
    let list =
        async |after, limit, filter| database.submitted_ids(after, limit, &filter).await.unwrap();
    let all = SubmittedFilter::default;
    assert_eq!(list("", 10, all()).await, ["A-1", "A-2", "A-3"]);
    assert_eq!(list("portal/A-1", 1, all()).await, ["A-2"]);
    let stage = SubmittedFilter { stage: Some("other".to_owned()), ..all() };
    assert_eq!(list("", 10, stage).await, ["A-2"]);
    let judged = SubmittedFilter { programme: Some("kz-dnr-2026".to_owned()), ..all() };
    assert_eq!(list("", 10, judged).await, ["A-2"]);
    let earlier = SubmittedFilter { programme: Some("kz-dnr-2025".to_owned()), ..all() };
    assert!(list("", 10, earlier).await.is_empty());
}

async fn everything_is_counted(database: TestDatabase) {
    assert_eq!(database.counts().await.unwrap(), Counts::default());
    database.store_examined("A-1", &["D-1", "D-2"]).await;
    let mut locked = database.lock("A-2", at(5)).await.unwrap();
    locked.put_document(&document("D-3"), "petition", at(0)).await.unwrap();
    locked.add_revision(&new_revision("D-3", "d1")).await.unwrap();
    locked.add_event(&event("A-2", "e", None)).await.unwrap();
    locked.commit().await.unwrap();
    database.store_dead_letter(&dead_letters::letter("L", 7)).await.unwrap();
    let counts = database.counts().await.unwrap();
    let numbers = |pairs: &[(&str, u64)]| pairs.iter().map(|(k, n)| (k.to_string(), *n)).collect();
    let expected = Counts {
        applications: numbers(&[("expected", 1), ("submitted", 1)]),
        documents: numbers(&[("pending", 1), ("examined", 2)]),
        backlogs: Backlogs {
            unattached_revisions: Backlog { count: 1, oldest: Some(at(0)) },
            unsent_events: Backlog { count: 1, oldest: Some(at(5)) },
            dead_letters: Backlog { count: 1, oldest: Some(at(7)) },
            pending_deletions: Backlog::default(),
        },
    };
    assert_eq!(counts, expected);
}
