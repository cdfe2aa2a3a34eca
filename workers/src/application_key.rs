//! The key of an application: its portal, and the id that the portal gave it.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use pipeline::application::is_id;

use crate::portal::Portal;

/// `PORTAL/ID`. Two portals may use the same id: these are two applications.
///
/// The registry stores this text in its columns `application_id`, and operators read and write
/// it. Messages and verdicts hold the id alone, as their portal gave it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ApplicationKey {
    portal: Portal,
    text: String,
}

impl ApplicationKey {
    /// Returns the key of a portal's application.
    pub(crate) fn new(portal: &Portal, id: &str) -> Self {
        Self { portal: portal.clone(), text: format!("{portal}/{id}") }
    }

    /// Returns the portal.
    pub(crate) fn portal(&self) -> &Portal {
        &self.portal
    }

    /// Returns the id that the portal gave.
    pub(crate) fn id(&self) -> &str {
        &self.text[self.portal.as_str().len() + 1..]
    }
}

/// Reads `PORTAL/ID`, or the `ID` of the portal `portal`.
impl FromStr for ApplicationKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (portal, id) = match text.split_once('/') {
            Some((portal, id)) => (portal.parse()?, id),
            None => (Portal::default(), text),
        };
        if is_id(id) {
            Ok(Self::new(&portal, id))
        } else {
            Err("write PORTAL/ID; an id is 1 to 64 of A-Z a-z 0-9 . _ -".to_owned())
        }
    }
}

impl Deref for ApplicationKey {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ApplicationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ApplicationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key: ApplicationKey = "kz-1/A-104".parse().unwrap();
        assert_eq!((key.portal().as_str(), key.id(), &*key), ("kz-1", "A-104", "kz-1/A-104"));
        assert_eq!(key.to_string().parse(), Ok(key));
        let key: ApplicationKey = "A-104".parse().unwrap();
        assert_eq!(&*key, "portal/A-104");
        for wrong in ["", "/A", "a/", "a/b/c", "A/b", "a/.b", "a/b c"] {
            assert!(wrong.parse::<ApplicationKey>().is_err(), "{wrong}");
        }
    }
}
