//! The user of this process, as the kernel knows it: variables of the environment are what
//! their user says.

use std::fs;

use rustix::process::getuid;

use super::process::host_name;

/// The value of the login user where nobody has signed in, as in a service or a container.
const NOT_SET: u32 = u32::MAX;

/// Returns who runs this process and where: `alice/1000@host`, and who had signed in where
/// that is another: `root/0@host, signed in as alice/1000` (after `sudo` and `su`).
pub(crate) fn identity() -> String {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let signed_in = fs::read_to_string("/proc/self/loginuid");
    let signed_in = signed_in.ok().and_then(|text| text.trim().parse().ok());
    describe(getuid().as_raw(), signed_in, &passwd, &host_name())
}

fn describe(user: u32, signed_in: Option<u32>, passwd: &str, host: &str) -> String {
    let named = |user: u32| format!("{}/{user}", name(user, passwd).unwrap_or("unknown"));
    let here = format!("{}@{host}", named(user));
    match signed_in.filter(|other| *other != NOT_SET && *other != user) {
        Some(other) => format!("{here}, signed in as {}", named(other)),
        None => here,
    }
}

/// Returns a user's name by the table of this machine; users of a directory are not in it.
fn name(user: u32, passwd: &str) -> Option<&str> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(user)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_those_of_the_kernel() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbroken";
        for (user, signed_in, expected) in [
            (0, None, "root/0@host"),
            (1000, Some(1000), "alice/1000@host"),
            (1000, Some(NOT_SET), "alice/1000@host"),
            (0, Some(1000), "root/0@host, signed in as alice/1000"),
            (7, Some(8), "unknown/7@host, signed in as unknown/8"),
        ] {
            assert_eq!(describe(user, signed_in, passwd, "host"), expected);
        }
        assert!(identity().contains(&format!("/{}@", getuid().as_raw())));
    }
}
