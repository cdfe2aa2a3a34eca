//! Who sent a message: its portal, as the broker has verified it.
//!
//! The broker refuses a message whose property `user-id` is not the user of the connection. So
//! a portal's message proves its portal. One of ours that is about a portal's application names
//! the portal in a header, which counts only for users of ours.

use lapin::types::{FieldTable, ShortString};

use super::headers::Headers;
use crate::portal::Portal;

/// The users of the broker whose messages are ours, and what counts without a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Senders {
    /// Users of workers, of maintenance and of operators.
    pub(crate) service_users: Vec<String>,
    /// The portal of messages without `user-id`, while messages of an earlier version are
    /// still in the queues; by default such a message is rejected.
    pub(crate) unverified_portal: Option<Portal>,
}

impl Default for Senders {
    fn default() -> Self {
        let service_users = ["worker", "maintenance", "operator"].map(str::to_owned);
        Self { service_users: service_users.to_vec(), unverified_portal: None }
    }
}

impl Senders {
    /// Returns the headers that count: all of ours, and of a portal only its trace.
    pub(super) fn verified_headers(
        &self,
        user: Option<&ShortString>,
        table: &FieldTable,
    ) -> Headers {
        let headers = Headers::from_table(table);
        let user = user.map(ShortString::as_str).filter(|user| !user.is_empty());
        match user {
            Some(user) if self.service_users.iter().any(|service| service == user) => headers,
            Some(user) => {
                let portal: Option<Portal> = user.parse().ok();
                let names_other = headers.portal.is_some() && headers.portal != portal;
                Headers { trace: headers.trace, portal, names_other, ..Headers::default() }
            }
            None => match &self.unverified_portal {
                // a worker of an earlier version may have sent it
                Some(portal) => Headers { portal: Some(portal.clone()), is_own: true, ..headers },
                None => Headers { trace: headers.trace, ..Headers::default() },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(portal: Option<&str>) -> Headers {
        Headers {
            portal: portal.map(|name| name.parse().unwrap()),
            attempt: 5,
            unanswered: 1,
            is_own: true,
            ..Headers::default()
        }
    }

    #[track_caller]
    fn check(user: Option<&str>, named: Option<&str>, portal: Option<&str>, is_ours: bool) {
        let user = user.map(ShortString::from);
        let senders = Senders::default();
        let found = senders.verified_headers(user.as_ref(), &headers(named).to_table());
        assert_eq!(found.portal.as_ref().map(Portal::as_str), portal);
        let ours = (found.attempt, found.unanswered, found.is_own);
        assert_eq!(ours, if is_ours { (5, 1, true) } else { (1, 0, false) });
        let is_other = !is_ours
            && named.is_some()
            && named != portal
            && user.is_some_and(|user| !user.as_str().is_empty());
        assert_eq!(found.names_other, is_other);
    }

    #[test]
    fn a_portal_speaks_for_itself_alone() {
        check(Some("kz"), None, Some("kz"), false);
        check(Some("kz"), Some("kz"), Some("kz"), false);
        check(Some("kz"), Some("uz"), Some("kz"), false);
        check(Some("Not.A.Portal"), Some("kz"), None, false);
        check(None, Some("kz"), None, false);
        check(Some(""), Some("kz"), None, false);
        for service in ["worker", "maintenance", "operator"] {
            check(Some(service), Some("kz"), Some("kz"), true);
            check(Some(service), None, None, true);
        }
    }

    #[test]
    fn messages_of_an_earlier_version_may_be_of_one_portal() {
        let senders = Senders { unverified_portal: "kz".parse().ok(), ..Senders::default() };
        let found = senders.verified_headers(None, &headers(None).to_table());
        assert_eq!((found.portal, found.attempt), (senders.unverified_portal.clone(), 5));
        let user = ShortString::from("uz");
        let found = senders.verified_headers(Some(&user), &FieldTable::default());
        assert_eq!(found.portal, "uz".parse().ok(), "a verified portal stays itself");
    }
}
