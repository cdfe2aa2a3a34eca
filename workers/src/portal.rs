//! Portals are tenants: each has its applications, its buckets and its queue of verdicts.

use std::fmt;
use std::str::FromStr;

/// The name of a portal, which is that of its user at the broker: 1 to 32 of a-z 0-9 -, with a
/// letter first and no hyphen last. Buckets, queues and routing keys are named after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Portal(String);

impl Portal {
    /// Returns the name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Portal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_name = (1..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err("a portal is named with 1 to 32 of a-z 0-9 -, a letter first".to_owned())
        }
    }
}

impl fmt::Display for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The portal of a command line that names none, and of everything that was stored before
/// there were several.
impl Default for Portal {
    fn default() -> Self {
        Self("portal".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_into_buckets_queues_and_routing_keys() {
        for name in ["portal", "a", "kz-dnr2", &"p".repeat(32)] {
            assert!(name.parse::<Portal>().is_ok(), "{name}");
        }
        for name in
            ["", "-a", "1a", "a-", "A", "a.b", "a/b", "a_b", "a b", "a*", "қ", &"p".repeat(33)]
        {
            assert!(name.parse::<Portal>().is_err(), "{name}");
        }
    }
}
