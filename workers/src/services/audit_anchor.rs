//! Anchors of the audit: its last row, kept where the database's administrators cannot change
//! it. Without them, a user with write access to the database could replace the whole chain.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::{Deserialize, Serialize};

/// Folder of all anchors in the bucket for results.
pub(crate) const FOLDER: &str = "audit/";
/// Most bytes of a stored anchor.
pub(crate) const MOST_BYTES: u64 = 4096;
/// What a public key of Ed25519 begins with, as DER (RFC 8410).
const PUBLIC_KEY_PREFIX: [u8; 12] = [48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0];

/// The last row of the audit at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditAnchor {
    /// When it was read.
    pub(crate) at: Timestamp,
    /// Number of the row.
    pub(crate) rows: u64,
    /// Its hash, which covers all rows before it.
    pub(crate) head: String,
    /// Ed25519 over [`AuditAnchor::signed_text`], base64; absent without a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<String>,
}

/// A private key of Ed25519.
pub(crate) struct SigningKey(Ed25519KeyPair);

/// A public key of Ed25519.
pub(crate) struct VerifyingKey(Vec<u8>);

impl AuditAnchor {
    /// Makes an anchor, signed where there is a key.
    pub(crate) fn new(at: Timestamp, rows: u64, head: String, key: Option<&SigningKey>) -> Self {
        let mut anchor = Self { at, rows, head, signature: None };
        let text = anchor.signed_text();
        anchor.signature = key.map(|SigningKey(key)| STANDARD.encode(key.sign(text.as_bytes())));
        anchor
    }

    /// Returns an anchor before all others.
    pub(crate) fn none() -> Self {
        Self { at: Timestamp::UNIX_EPOCH, rows: 0, head: String::new(), signature: None }
    }

    /// Returns the key of this day's anchor in the bucket for results.
    pub(crate) fn object_key(&self) -> String {
        format!("{FOLDER}{}.json", self.at.to_zoned(TimeZone::UTC).date())
    }

    /// Whether a private key has signed it; true without a key.
    pub(crate) fn is_of(&self, key: Option<&SigningKey>) -> bool {
        key.is_none_or(|SigningKey(key)| {
            self.is_signed_by(&VerifyingKey(key.public_key().as_ref().to_vec()))
        })
    }

    /// Returns the text that is signed.
    fn signed_text(&self) -> String {
        format!("tekseru audit 1\n{}\n{}\n{}\n", self.at, self.rows, self.head)
    }

    /// Whether a key has signed it.
    pub(crate) fn is_signed_by(&self, VerifyingKey(key): &VerifyingKey) -> bool {
        let signature = self.signature.as_ref().and_then(|text| STANDARD.decode(text).ok());
        let key = UnparsedPublicKey::new(&ED25519, key);
        signature
            .is_some_and(|signature| key.verify(self.signed_text().as_bytes(), &signature).is_ok())
    }
}

impl SigningKey {
    /// Reads a key as `openssl genpkey -algorithm ed25519` writes it.
    ///
    /// # Errors
    /// What is wrong with the file; nothing of its content.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let wrong = |why: &str| format!("{}: {why}", file.display());
        let text = std::fs::read(file).map_err(|error| wrong(&error.to_string()))?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(&text).ok();
        let key = key.and_then(|key| {
            Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der()).ok()
        });
        key.map(Self).ok_or_else(|| {
            wrong("is no private key of Ed25519: openssl genpkey -algorithm ed25519")
        })
    }
}

impl VerifyingKey {
    /// Reads a key as `openssl pkey -pubout` writes it.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let wrong = |why: &str| format!("{}: {why}", file.display());
        let text = std::fs::read(file).map_err(|error| wrong(&error.to_string()))?;
        let key = SubjectPublicKeyInfoDer::from_pem_slice(&text).ok();
        let key = key.and_then(|key| Some(key.strip_prefix(&PUBLIC_KEY_PREFIX)?.to_vec()));
        let key = key.filter(|key| key.len() == 32);
        key.map(Self)
            .ok_or_else(|| wrong("is no public key of Ed25519: openssl pkey -in KEY -pubout"))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    // made by openssl for this test alone
    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIOM2dYk7DN7kQsVGtWuy+sCfT1k5MVbVIYrV8PYl6TJL\n-----END PRIVATE KEY-----";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEARK/u/gx/X3PmFv48Trl9b+9N+g2I9JpbviaHGX2b2PQ=\n-----END PUBLIC KEY-----";

    #[test]
    fn a_signed_anchor_cannot_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            fs::write(&file, text).unwrap();
            file
        };
        let private = SigningKey::read(&write("private", PRIVATE)).unwrap();
        let public = VerifyingKey::read(&write("public", PUBLIC)).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let anchor = AuditAnchor::new(at, 7, "abc".to_owned(), Some(&private));
        assert!(anchor.is_signed_by(&public));
        assert!(!AuditAnchor { rows: 8, ..anchor.clone() }.is_signed_by(&public));
        assert!(!AuditAnchor { head: "abd".to_owned(), ..anchor.clone() }.is_signed_by(&public));
        assert!(!AuditAnchor { signature: None, ..anchor }.is_signed_by(&public));
        for (name, text) in [("empty", ""), ("text", "no key"), ("public", PUBLIC)] {
            let problem = SigningKey::read(&write(name, text)).err().unwrap();
            assert!(problem.contains("is no private key"), "{problem}");
        }
        let problem = VerifyingKey::read(&write("private", PRIVATE)).err().unwrap();
        assert!(problem.contains("is no public key") && !problem.contains("BEGIN"), "{problem}");
    }
}
