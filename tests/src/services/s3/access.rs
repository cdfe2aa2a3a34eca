//! Access rights of users.

use s3s::access::{S3Access, S3AccessContext};
use s3s::{S3Result, s3_error};

/// A user with a pair of keys, and the buckets that the user may access.
#[derive(Clone)]
pub struct User {
    /// Access key id.
    pub id: &'static str,
    /// Secret access key.
    pub secret: &'static str,
    /// Buckets that the user may list and read.
    pub reads: &'static [&'static str],
    /// Buckets that the user may write to and delete from.
    pub writes: &'static [&'static str],
}

pub(super) struct Grants(pub(super) Vec<User>);

#[async_trait::async_trait]
impl S3Access for Grants {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let id = cx.credentials().map(|credentials| credentials.access_key.as_str());
        let user = self.0.iter().find(|user| Some(user.id) == id);
        let reads = ["Get", "Head", "List"].iter().any(|verb| cx.s3_op().name().starts_with(verb));
        let granted = user.map_or(&[][..], |user| if reads { user.reads } else { user.writes });
        let bucket = cx.s3_path().get_bucket_name().unwrap_or_default();
        if granted.contains(&bucket) { Ok(()) } else { Err(s3_error!(AccessDenied)) }
    }
}
