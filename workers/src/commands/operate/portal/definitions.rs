//! The broker's definitions of a portal.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cli::Failure;
use crate::portal::Portal;

/// Shortest password, as NIST SP 800-63B-4 says of one that is used alone.
const SHORTEST: usize = 15;

/// Returns queue, binding and rights of a portal, with its user if there is a password. They
/// have the form of `deploy/rabbitmq`.
pub(super) fn definitions(portal: &Portal, vhost: &str, password: Option<&str>) -> Value {
    let queue = format!("verdicts.{portal}");
    let mut all = json!({
        "queues": [{
            "name": queue, "vhost": vhost, "durable": true, "auto_delete": false,
            "arguments": {"x-queue-type": "quorum"},
        }],
        "bindings": [{
            "source": "verdicts", "vhost": vhost, "destination": queue,
            "destination_type": "queue", "routing_key": format!("{portal}.#"), "arguments": {},
        }],
        // the hyphen is the only character of a name that a pattern could take otherwise, and
        // it has no meaning outside brackets
        "permissions": [{
            "user": portal.as_str(), "vhost": vhost, "configure": "^$", "write": "^intake$",
            "read": format!("^verdicts[.]{portal}$"),
        }],
    });
    if let Some(password) = password {
        all["users"] = json!([{
            "name": portal.as_str(), "tags": "",
            "password_hash": password_hash(password, *uuid::Uuid::new_v4().as_bytes()),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
        }]);
    }
    all
}

/// Returns the hash as RabbitMQ stores it: base64 of a salt of four bytes, and of SHA-256 of
/// salt and password.
fn password_hash(password: &str, random: [u8; 16]) -> String {
    let salt = &random[..4];
    let hash = Sha256::new().chain_update(salt).chain_update(password).finalize();
    STANDARD.encode([salt, hash.as_slice()].concat())
}

/// Reads a password: the first line of a file.
///
/// # Errors
/// When the file cannot be read, or the password is shorter than that.
pub(super) fn read_password(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::io(file, "read the password in", &error))?;
    let password = text.lines().next().unwrap_or_default().to_owned();
    if password.len() < SHORTEST {
        let file = file.display();
        return Err(Failure::Usage(format!(
            "{file}: the first line is a password of at least {SHORTEST} characters"
        )));
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RabbitMQ's documentation, "Computing Password Hash": salt 908D C60A,
    /// password test12.
    #[test]
    fn the_hash_is_that_of_the_broker() {
        let mut random = [0; 16];
        random[..4].copy_from_slice(&[0x90, 0x8d, 0xc6, 0x0a]);
        let expected = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR";
        assert_eq!(password_hash("test12", random), expected);
    }
}
