use pipeline::reason::{Code, Reason};

use super::*;

both! {
    everything_that_was_stored_is_read_back
    a_rolled_back_lock_leaves_no_trace
    a_failed_statement_cannot_be_committed
    a_document_comes_before_its_application
    another_file_under_the_same_id_is_pending_again
    replacements_count_in_every_order_of_arrival
    a_stored_examination_is_not_replaced
    looks_are_counted
    repeated_deliveries_are_detected
    an_unreadable_row_is_named
    text_with_zero_characters_is_accepted
}

async fn everything_that_was_stored_is_read_back(database: TestDatabase) {
    let mut unknown = document("D-2");
    unknown.kind = Kind::Other;
    unknown.unknown_kind = Some("tax_return".to_owned());
    let mut submitted = application("A-1", &["D-1"]);
    submitted.documents.push(unknown.clone());
    let missing =
        ExaminationState::Unavailable(Reason::new(Code::FileNotFound).with("after", "2h"));

    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    assert_eq!(locked.record().state, ApplicationState::Expected);
    assert_eq!(locked.record().received_at, at(1));
    locked.put_application(&submitted, at(2), at(2)).await.unwrap();
    for document in [document("D-1"), unknown.clone(), document("D-3"), document("D-0")] {
        locked.put_document(&document, "petition", at(0)).await.unwrap();
    }
    locked.put_examination_state("D-1", &examined("aa")).await.unwrap();
    locked.put_examination_state("D-2", &missing).await.unwrap();
    let unavailable = ExaminationState::Unavailable(Reason::new(Code::MachineCheckUnavailable));
    locked.put_examination_state("D-3", &unavailable).await.unwrap();
    let record = locked.record().clone();
    locked.commit().await.unwrap();

    let read = database.find_application("A-1").await.unwrap().unwrap();
    assert!(read == record, "{read:?} is not {record:?}");
    assert_eq!(read.state, ApplicationState::Submitted);
    assert_eq!(read.received_at, at(2));
    assert!(read.application == Some(submitted));
    let ids: Vec<_> = read.documents.iter().map(|d| d.document.document_id.as_str()).collect();
    assert_eq!(ids, ["D-1", "D-2", "D-3", "D-0"], "in order of first mention");
    assert!(read.documents[0].examination == examined("aa"));
    assert!(read.documents[1].document == unknown);
    assert!(read.documents[1].examination == missing);
    assert!(read.documents[2].examination == unavailable);
    assert!(read.documents[3].examination == ExaminationState::Pending);
    assert!(database.find_application("A-2").await.unwrap().is_none());
    let shown = format!("{read:?}");
    assert!(!shown.contains("ANNA") && shown.len() < 400, "{shown}");
}

async fn looks_are_counted(database: TestDatabase) {
    database.store_examined("A-1", &["D-1", "D-2"]).await;
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    let rounds = |locked: &LockedApplication| locked.record().document("D-1").unwrap().rounds;
    assert!(!rounds(&locked).is_due());
    locked.request_round("D-1").await.unwrap();
    locked.request_round("D-1").await.unwrap();
    locked.complete_round("D-1", 1).await.unwrap();
    assert_eq!(rounds(&locked), ExaminationRounds { requested: 2, completed: 1 });
    // the same file is announced again
    locked.put_document(&document("D-1"), "petition", at(1)).await.unwrap();
    assert!(locked.request_round("D-9").await.is_err(), "it is unknown");
    locked.commit().await.unwrap();

    let mut locked = database.lock("A-1", at(2)).await.unwrap();
    assert_eq!(rounds(&locked), ExaminationRounds { requested: 2, completed: 1 });
    assert!(rounds(&locked).is_due());
    assert!(locked.record().document("D-1").unwrap().examination.is_examined());
    assert_eq!(locked.record().document("D-2").unwrap().rounds, ExaminationRounds::default());
    locked.complete_round("D-1", 2).await.unwrap();
    locked.complete_round("D-1", 1).await.unwrap();
    assert_eq!(
        rounds(&locked),
        ExaminationRounds { requested: 2, completed: 2 },
        "a late result undoes nothing"
    );
    locked.commit().await.unwrap();
}

async fn a_rolled_back_lock_leaves_no_trace(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.put_application(&application("A-1", &["D-1"]), at(0), at(0)).await.unwrap();
    locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
    locked.put_examination_state("D-1", &examined("aa")).await.unwrap();
    locked.add_revision(&new_revision("", "d1")).await.unwrap();
    locked.add_event(&event("A-1", "e", None)).await.unwrap();
    locked.record_command(&command("c", "s")).await.unwrap();
    locked.audit(AuditEntry::new("system", "tested", None));
    drop(locked);

    // the next lock waits until the first is rolled back
    let again = database.lock("A-1", at(9)).await.unwrap();
    assert_eq!(again.record().received_at, at(9));
    drop(again);
    assert!(database.find_application("A-1").await.unwrap().is_none());
    let counts = database.counts().await.unwrap();
    assert_eq!(counts, Counts::default());
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM examinations").await, 0);
    assert_eq!(database.count("SELECT COUNT(*) AS n FROM commands").await, 0);
    assert_eq!(database.verify_audit().await.unwrap().rows, 0);
}

/// PostgreSQL answers a COMMIT after a failed statement with a rollback and no error.
async fn a_failed_statement_cannot_be_committed(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.put_application(&application("A-1", &[]), at(0), at(0)).await.unwrap();
    let wrong = locked.session.run_raw("try", "SELECT no_such_column FROM applications").await;
    assert!(matches!(wrong, Err(RegistryError::Schema { .. })), "{wrong:?}");
    let _ = locked.put_application(&application("A-1", &[]), at(1), at(1)).await;
    assert!(locked.commit().await.is_err());
    assert!(database.find_application("A-1").await.unwrap().is_none());
}

async fn a_document_comes_before_its_application(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
    locked.put_examination_state("D-1", &examined("aa")).await.unwrap();
    locked.commit().await.unwrap();

    let mut locked = database.lock("A-1", at(5)).await.unwrap();
    assert_eq!(locked.record().state, ApplicationState::Expected);
    assert_eq!(locked.record().received_at, at(0));
    assert!(locked.record().application.is_none());
    locked.put_application(&application("A-1", &["D-1"]), at(6), at(6)).await.unwrap();
    locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
    assert!(locked.record().documents[0].examination == examined("aa"), "it is not examined again");
    locked.commit().await.unwrap();
    assert_eq!(database.find_application("A-1").await.unwrap().unwrap().received_at, at(6));
}

async fn another_file_under_the_same_id_is_pending_again(database: TestDatabase) {
    database.store_examined("A-1", &["D-1", "D-2", "D-3"]).await;
    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    let mut renamed = document("D-1");
    renamed.media_type = None;
    locked.put_document(&renamed, "permit", at(0)).await.unwrap();
    let mut moved = document("D-2");
    moved.object.as_mut().unwrap().version_id = Some("2".to_owned());
    locked.put_document(&moved, "petition", at(0)).await.unwrap();
    let mut declared = document("D-3");
    declared.kind = Kind::Portrait;
    locked.put_document(&declared, "petition", at(0)).await.unwrap();
    let held = locked.record().clone();
    locked.commit().await.unwrap();

    let read = database.find_application("A-1").await.unwrap().unwrap();
    assert!(read == held);
    let seen: Vec<_> = read.documents.iter().map(|d| format!("{:?}", d.examination)).collect();
    assert_eq!(seen, ["examined", "pending", "pending"]);
    assert_eq!(read.documents[0].stage, "permit");
}

async fn replacements_count_in_every_order_of_arrival(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
    locked.put_replacement("D-1", "D-3", at(1)).await.unwrap();
    locked.put_replacement("D-2", "D-3", at(2)).await.unwrap();
    locked.put_document(&document("D-3"), "petition", at(0)).await.unwrap();
    locked.commit().await.unwrap();

    let mut locked = database.lock("A-1", at(1)).await.unwrap();
    locked.put_document(&document("D-2"), "petition", at(0)).await.unwrap();
    locked.put_document(&document("D-1"), "petition", at(0)).await.unwrap();
    let held = locked.record().clone();
    locked.commit().await.unwrap();
    let read = database.find_application("A-1").await.unwrap().unwrap();
    assert!(read == held);
    let replaced: Vec<_> = read.documents.iter().map(|d| d.is_replaced).collect();
    assert_eq!(replaced, [true, false, true], "D-1, D-3, D-2");

    let mut locked = database.lock("A-1", at(2)).await.unwrap();
    // an earlier command changes nothing; a later one makes the first document count again
    locked.put_replacement("D-3", "D-1", at(0)).await.unwrap();
    assert_eq!(locked.record().replacements.current("D-1"), "D-3");
    locked.put_replacement("D-3", "D-1", at(5)).await.unwrap();
    assert_eq!(locked.record().replacements.current("D-2"), "D-1");
    let held = locked.record().clone();
    locked.commit().await.unwrap();
    let read = database.find_application("A-1").await.unwrap().unwrap();
    assert!(read == held && !read.documents[0].is_replaced);
}

async fn a_stored_examination_is_not_replaced(database: TestDatabase) {
    database.store_examined("A-1", &["aa"]).await;
    let key = ExaminationKey::from_examination(&examination("aa"));
    let mut other = examination("aa");
    other.bytes += 1;
    database.store_examined("A-2", &["D-1"]).await;
    let mut locked = database.lock("A-2", at(1)).await.unwrap();
    locked.put_examination_state("D-1", &ExaminationState::Examined(other)).await.unwrap();
    // the stored examination is the one to be judged
    assert!(locked.record().document("D-1").unwrap().examination == examined("aa"));
    locked.commit().await.unwrap();
    assert!(database.find_examination(&key).await.unwrap() == Some(examination("aa")));
    let older = ExaminationKey { examiner: "another".to_owned(), ..key };
    assert!(database.find_examination(&older).await.unwrap().is_none());
    let mut locked = database.lock("A-2", at(1)).await.unwrap();
    let unknown =
        locked.put_examination_state("D-9", &ExaminationState::Pending).await.unwrap_err();
    assert!(!unknown.may_pass(), "{unknown}");
}

async fn repeated_deliveries_are_detected(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    assert_eq!(locked.record_command(&command("c-1", "aa")).await.unwrap(), CommandReceipt::New);
    assert_eq!(
        locked.record_command(&command("c-1", "aa")).await.unwrap(),
        CommandReceipt::Repeated
    );
    locked.commit().await.unwrap();
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    assert_eq!(
        locked.record_command(&command("c-1", "aa")).await.unwrap(),
        CommandReceipt::Repeated
    );
    assert_eq!(
        locked.record_command(&command("c-1", "bb")).await.unwrap(),
        CommandReceipt::Conflict
    );
    let elsewhere = CommandRef { source: "urn:other", ..command("c-1", "bb") };
    assert_eq!(locked.record_command(&elsewhere).await.unwrap(), CommandReceipt::New);
}

async fn an_unreadable_row_is_named(database: TestDatabase) {
    database.store_examined("A-1", &["D-1"]).await;
    database.run_raw("UPDATE examinations SET body = '{\"surname\": \"ERIKSSON\"'").await;
    let error = database.lock("A-1", at(1)).await.err().unwrap();
    assert!(!error.may_pass());
    assert_eq!(
        error.to_string(),
        "row `D-1` of registry table `documents` has an unreadable `examination`"
    );
}

async fn text_with_zero_characters_is_accepted(database: TestDatabase) {
    let mut locked = database.lock("A-1", at(0)).await.unwrap();
    let mut odd = application("A-1", &[]);
    odd.stage = "a\0b".to_owned();
    locked.put_application(&odd, at(0), at(0)).await.unwrap();
    locked.put_document(&document("D-1"), "a\0b", at(0)).await.unwrap();
    locked.commit().await.unwrap();
    let read = database.find_application("A-1").await.unwrap().unwrap();
    assert!(read.application == Some(odd));
    assert_eq!(read.documents[0].stage, "a\u{fffd}b");
}
