use super::*;

both! {
    lanes_are_paused_and_resumed
    workers_come_and_go
    days_come
    submitted_applications_are_listed
    everything_is_counted
}

async fn lanes_are_paused_and_resumed(place: Place) {
    assert!(place.paused_lanes().await.unwrap().is_empty());
    place.pause_lane("passport", "operator", at(0)).await.unwrap();
    place.pause_lane("passport", "operator", at(1)).await.unwrap();
    place.pause_lane("paper", "operator", at(2)).await.unwrap();
    let paused: Vec<_> = place.paused_lanes().await.unwrap().into_iter().collect();
    assert_eq!(paused, ["paper", "passport"]);
    place.resume_lane("passport", "operator", at(3)).await.unwrap();
    place.resume_lane("portrait", "operator", at(3)).await.unwrap();
    assert_eq!(place.paused_lanes().await.unwrap().len(), 1);
    let audit = place.audit_rows(0, 10).await.unwrap();
    let words: Vec<_> = audit.iter().map(|row| row.entry.action.as_str()).collect();
    assert_eq!(
        words,
        ["lane.paused", "lane.paused", "lane.resumed"],
        "what changed nothing is not noted"
    );
    assert_eq!(audit[2].occurred_at, at(3));
}

async fn workers_come_and_go(place: Place) {
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
    place.heartbeat(&worker("w-1", 10)).await.unwrap();
    place.heartbeat(&worker("w-2", 10)).await.unwrap();
    place.heartbeat(&worker("w-1", 20)).await.unwrap();
    assert_eq!(place.active_workers(at(20)).await.unwrap(), [worker("w-1", 20)]);
    assert_eq!(place.active_workers(at(0)).await.unwrap().len(), 2);
    assert_eq!(place.prune_workers(at(10)).await.unwrap(), 0);
    place.deregister("w-1").await.unwrap();
    assert_eq!(place.active_workers(at(0)).await.unwrap(), [worker("w-2", 10)]);
    assert_eq!(place.prune_workers(at(11)).await.unwrap(), 1);
}

async fn scheduled(place: &Place, id: &str, judge: Option<&str>, remind: Option<&str>) {
    place.examined(id, &[]).await;
    let mut locked = place.lock(id, at(0)).await.unwrap();
    let schedule = Schedule {
        due_on: Some(day("2026-02-20")),
        accepted_on: Some(day("2026-01-05")),
        next_judge_on: judge.map(day),
        next_reminder_on: remind.map(day),
    };
    locked.set_schedule(&schedule).await.unwrap();
    locked.commit().await.unwrap();
    assert_eq!(place.find_application(id).await.unwrap().unwrap().schedule, schedule);
}

async fn days_come(place: Place) {
    scheduled(&place, "A-1", Some("2026-02-01"), Some("2026-02-10")).await;
    scheduled(&place, "A-2", Some("2026-02-02"), None).await;
    scheduled(&place, "A-3", None, Some("2026-01-31")).await;
    scheduled(&place, "A-4", None, None).await;
    let on =
        async |today, after, limit| place.due_applications(day(today), after, limit).await.unwrap();
    assert!(on("2026-01-30", "", 10).await.is_empty());
    assert_eq!(on("2026-02-01", "", 10).await, ["A-1", "A-3"]);
    assert_eq!(on("2026-02-10", "", 2).await, ["A-1", "A-2"]);
    assert_eq!(on("2026-02-10", "A-2", 2).await, ["A-3"]);
    scheduled(&place, "A-3", None, None).await;
    place.delete_expired("A-1", at(999), at(1), "keep").await.unwrap();
    assert_eq!(on("2026-02-10", "", 10).await, ["A-2"]);
}

async fn submitted_applications_are_listed(place: Place) {
    for id in ["A-3", "A-1", "A-2"] {
        place.examined(id, &[]).await;
    }
    place.lock("A-0", at(0)).await.unwrap().commit().await.unwrap();
    let mut locked = place.lock("A-2", at(0)).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    let mut other = application("A-2", &[]);
    other.stage = "other".to_owned();
    locked.put_application(&other, at(0), at(0)).await.unwrap();
    locked.commit().await.unwrap();
    let list =
        async |after, limit, filter| place.submitted_ids(after, limit, &filter).await.unwrap();
    let all = SubmittedFilter::default;
    assert_eq!(list("", 10, all()).await, ["A-1", "A-2", "A-3"]);
    assert_eq!(list("A-1", 1, all()).await, ["A-2"]);
    let stage = SubmittedFilter { stage: Some("other".to_owned()), ..all() };
    assert_eq!(list("", 10, stage).await, ["A-2"]);
    let judged = SubmittedFilter { programme: Some("kz-dnr-2026".to_owned()), ..all() };
    assert_eq!(list("", 10, judged).await, ["A-2"]);
    let earlier = SubmittedFilter { programme: Some("kz-dnr-2025".to_owned()), ..all() };
    assert!(list("", 10, earlier).await.is_empty());
}

async fn everything_is_counted(place: Place) {
    assert_eq!(place.counts().await.unwrap(), Counts::default());
    place.examined("A-1", &["D-1", "D-2"]).await;
    let mut locked = place.lock("A-2", at(5)).await.unwrap();
    locked.put_document(&document("D-3"), "petition", at(0)).await.unwrap();
    locked.add_revision(&new_revision("D-3", "d1")).await.unwrap();
    locked.add_event(&event("A-2", "e", None)).await.unwrap();
    locked.commit().await.unwrap();
    place.store_dead_letter(&dead::letter("L", 7)).await.unwrap();
    let counts = place.counts().await.unwrap();
    let numbers = |pairs: &[(&str, u64)]| pairs.iter().map(|(k, n)| (k.to_string(), *n)).collect();
    let expected = Counts {
        applications: numbers(&[("expected", 1), ("submitted", 1)]),
        documents: numbers(&[("pending", 1), ("examined", 2)]),
        unattached_revisions: Backlog { count: 1, oldest: Some(at(0)) },
        unsent_events: Backlog { count: 1, oldest: Some(at(5)) },
        dead_letters: Backlog { count: 1, oldest: Some(at(7)) },
        pending_deletions: Backlog::default(),
    };
    assert_eq!(counts, expected);
}
