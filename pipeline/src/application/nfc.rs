//! Texts normalised to NFC when they are parsed.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization;

pub(super) fn nfc<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Cow::<'de, str>::deserialize(deserializer)?.nfc().collect())
}

pub(super) fn nfc_option<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    Ok(text.map(|text| text.nfc().collect()))
}
