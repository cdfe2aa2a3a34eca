//! The address of the broker, checked before anything connects.

use lapin::uri::{AMQPScheme, AMQPUri};

use crate::runtime::secret::Secret;
use crate::runtime::transport::Transport;

/// Returns how the connection to the broker is protected.
///
/// # Errors
/// When the address is invalid, or leads to another machine without TLS.
pub(crate) fn transport(url: &Secret) -> Result<Transport, String> {
    let uri: Result<AMQPUri, _> = url.reveal().parse();
    let uri = uri.map_err(|_| "is not amqps://USER:PASSWORD@HOST:PORT/VHOST".to_owned())?;
    // the client library verifies certificate and name wherever it uses TLS
    Transport::to(&uri.authority.host, uri.scheme == AMQPScheme::AMQPS).map_err(|problem| {
        format!("{problem}: use amqps://, with TEKSERU_AMQP_CA for a private authority")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::transport::check_transport;

    #[track_caller]
    fn check(url: &str, expected: Option<Transport>) {
        if let Err(problem) = check_transport(transport, url, expected) {
            assert!(problem.contains("amqps://"), "{problem}");
        }
    }

    #[test]
    fn another_machine_needs_tls() {
        check("amqp://me:hunter2@127.0.0.1:5672/v", Some(Transport::ThisMachine));
        check("amqp://localhost", Some(Transport::ThisMachine));
        check("amqps://me:hunter2@broker.example.org/v", Some(Transport::Verified));
        check("amqp://me:hunter2@broker.example.org/v", None);
        check("amqp://me:hunter2@10.0.0.7:5671/v", None);
        check("amqp://127.0.0.1@broker.example.org", None);
        check("amqp://127.0.0.1.example.org", None);
        check("redis://me:hunter2@127.0.0.1", None);
        check("hunter2", None);
    }
}
