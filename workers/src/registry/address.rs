//! The address of the database, checked before anything connects.

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::runtime::secret::Secret;
use crate::runtime::transport::Transport;

/// Returns how the connection to the database is protected.
///
/// # Errors
/// When the address is invalid, or leads to another machine without `sslmode=verify-full`.
pub(crate) fn transport(url: &Secret) -> Result<Transport, String> {
    match url.reveal().split_once(':') {
        Some(("postgres" | "postgresql", _)) => {}
        Some(("sqlite", _)) => return Ok(Transport::ThisMachine),
        _ => return Err("is neither postgres:// nor sqlite:".to_owned()),
    }
    // parsed as it will be for the connection: parameters and `PGHOST`, `PGSSLMODE` count
    let options: Result<PgConnectOptions, _> = url.reveal().parse();
    let options = options
        .map_err(|_| "is not postgres://USER:PASSWORD@HOST/NAME?sslmode=verify-full".to_owned())?;
    if options.get_socket().is_some() || options.get_host().starts_with('/') {
        return Ok(Transport::ThisMachine);
    }
    let is_verified = matches!(options.get_ssl_mode(), PgSslMode::VerifyFull);
    Transport::to(options.get_host(), is_verified).map_err(|problem| {
        format!(
            "{problem}: add ?sslmode=verify-full to the address, and sslrootcert=FILE for a \
             private authority"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::transport::check_transport;

    #[track_caller]
    fn check(url: &str, expected: Option<Transport>) {
        let _ = check_transport(transport, url, expected);
    }

    #[test]
    fn another_machine_needs_a_verified_certificate() {
        for url in [
            "sqlite:registry.db",
            "postgres://me:hunter2@127.0.0.1:5432/name",
            "postgresql://me@localhost/name?sslmode=disable",
            "postgres://me@[::1]/name",
            "postgres://me@%2Frun%2Fpostgresql/name",
            "postgres:///name?host=/run/postgresql",
        ] {
            check(url, Some(Transport::ThisMachine));
        }
        check("postgres://me:hunter2@db/name?sslmode=verify-full", Some(Transport::Verified));
        for mode in ["", "disable", "allow", "prefer", "require", "verify-ca"] {
            let mode = if mode.is_empty() { mode } else { &format!("?sslmode={mode}") };
            check(&format!("postgres://me:hunter2@db.example.org/name{mode}"), None);
        }
        // the last one counts, as it does for the connection
        check("postgres://me:hunter2@localhost/name?host=db.example.org", None);
        check("postgres://me:hunter2@localhost/name?hostaddr=10.0.0.7", None);
        check("postgres://me@db/name?sslmode=verify-full&sslmode=prefer", None);
        check("postgres://me:hunter2@db/name?sslmode=hunter2", None);
        check("mysql://me:hunter2@localhost/name", None);
    }
}
