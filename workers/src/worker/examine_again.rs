//! Which files a new command has examined again.

use pipeline::application::Document;

use crate::registry::{DocumentRecord, ExaminationState, LockedApplication, RegistryError};

/// Requests a round for the file of a document that a new command names, unless its
/// examination is certainly what this examiner would find now.
///
/// # Errors
/// When the database fails.
pub(super) async fn request_round_unless_certain(
    locked: &mut LockedApplication,
    document: &Document,
    examiner: &str,
) -> Result<(), RegistryError> {
    let known = locked.record().document(&document.document_id);
    match known.filter(|known| known.document == *document) {
        Some(known) if !is_certain(known, examiner) => {
            locked.request_round(&document.document_id).await
        }
        _ => Ok(()),
    }
}

fn is_certain(known: &DocumentRecord, examiner: &str) -> bool {
    match &known.examination {
        ExaminationState::Examined(examination) => {
            examination.examiner == examiner && known.names_bytes_of(examination)
        }
        ExaminationState::Pending | ExaminationState::Unavailable(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use pipeline::kind::Kind;
    use pipeline::reason::{Code, Reason};
    use serde_json::json;

    use super::*;
    use crate::registry::ExaminationRounds;

    const EXAMINED: &str = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
    const OTHER: &str = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9";

    fn certain(sha256: Option<&str>, version: Option<&str>, examiner: &str) -> bool {
        let mut examination =
            pipeline::examine::unreadable(b"foo", Kind::Cv, Reason::new(Code::FileCorrupt));
        assert_eq!(examination.sha256, EXAMINED);
        examination.examiner = "this".to_owned();
        let object = json!({"bucket": "uploads", "key": "a", "version_id": version});
        let mut document = json!({"document_id": "d", "kind": "cv", "object": object});
        if let Some(sha256) = sha256 {
            document["sha256"] = sha256.into();
        }
        let known = DocumentRecord {
            document: serde_json::from_value(document).unwrap(),
            stage: "petition".to_owned(),
            examination: ExaminationState::Examined(examination),
            rounds: ExaminationRounds::default(),
            is_replaced: false,
            occurred_at: None,
        };
        is_certain(&known, examiner)
    }

    #[test]
    fn only_named_bytes_seen_by_this_examiner_are_certain() {
        assert!(certain(Some(EXAMINED), None, "this"));
        assert!(certain(None, Some("v1"), "this"));
        assert!(certain(Some(EXAMINED), Some("v1"), "this"));
        assert!(!certain(None, None, "this"), "it may be overwritten");
        assert!(!certain(Some(OTHER), None, "this"), "other bytes were found before");
        assert!(!certain(Some(OTHER), Some("v1"), "this"));
        assert!(!certain(Some(EXAMINED), None, "another"));
        assert!(!certain(None, Some("v1"), "another"));
    }
}
