//! Whether others on a network can read what is sent to a service, or answer in its name.

use std::fmt;
use std::net::IpAddr;

#[cfg(test)]
use super::secret::Secret;

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// It does not leave this machine.
    ThisMachine,
    /// It is encrypted, and the server proves its name by a certificate.
    Verified,
}

/// A connection to another machine that others on the network can read or answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is another machine, and the connection must be encrypted and verified",
    .0.escape_debug()
)]
pub(crate) struct Unprotected(String);

impl Transport {
    /// Returns how the connection to a host is protected.
    ///
    /// # Errors
    /// When the host is another machine and `is_verified` is false.
    pub(crate) fn to(host: &str, is_verified: bool) -> Result<Self, Unprotected> {
        match is_verified {
            true => Ok(Self::Verified),
            false if is_this_machine(host) => Ok(Self::ThisMachine),
            false => Err(Unprotected(host.to_owned())),
        }
    }
}

/// Whether a host is the loopback interface. Only `localhost` is accepted as a name: what
/// another one means, its resolver decides.
fn is_this_machine(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ThisMachine => "the connection stays on this machine",
            Self::Verified => "the connection is encrypted, and the server's certificate verified",
        })
    }
}

/// Checks how the address of a service is judged, and that no problem repeats its password,
/// `hunter2`. Returns what was found.
#[cfg(test)]
#[track_caller]
pub(crate) fn check_transport(
    transport: fn(&Secret) -> Result<Transport, String>,
    url: &str,
    expected: Option<Transport>,
) -> Result<Transport, String> {
    let found = transport(&Secret::new(url));
    assert_eq!(found.as_ref().ok().copied(), expected, "{url}: {found:?}");
    if let Err(problem) = &found {
        assert!(!problem.contains("hunter2"), "{problem}");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_this_machine() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"] {
            assert_eq!(Transport::to(host, false), Ok(Transport::ThisMachine), "{host}");
        }
        let others = ["", "db", "127.evil.org", "localhost.evil.org", "127.0.0.1.evil.org"];
        for host in others.into_iter().chain(["10.0.0.1", "0.0.0.0", "[2001:db8::1]", "127.1"]) {
            assert!(Transport::to(host, false).is_err(), "{host}");
            assert_eq!(Transport::to(host, true), Ok(Transport::Verified), "{host}");
        }
    }
}
