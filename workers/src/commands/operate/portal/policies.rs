//! Policies of the object store, in the form of S3's bucket policies without a principal.

use serde_json::{Value, json};

/// What a portal may do: write and read its uploads, and read its verdicts.
pub(super) fn portal_policy(uploads: &str, verdicts: &str) -> Value {
    policy(&[
        (&["s3:PutObject", "s3:GetObject", "s3:DeleteObject"], &[objects(uploads)]),
        (&["s3:GetObject"], &[objects(verdicts)]),
        (&["s3:ListBucket"], &[bucket(uploads), bucket(verdicts)]),
    ])
}

/// What workers may do: read uploads, and write, read and delete verdicts with every version.
pub(super) fn workers_policy(uploads: &str, verdicts: &str) -> Value {
    policy(&[
        (&["s3:GetObject", "s3:GetObjectVersion"], &[objects(uploads)]),
        (
            &["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:DeleteObjectVersion"],
            &[objects(verdicts)],
        ),
        (&["s3:ListBucket"], &[bucket(uploads), bucket(verdicts)]),
        (&["s3:ListBucketVersions"], &[bucket(verdicts)]),
    ])
}

fn policy(statements: &[(&[&str], &[String])]) -> Value {
    let statements: Vec<Value> = statements
        .iter()
        .map(|(actions, resources)| {
            json!({"Effect": "Allow", "Action": actions, "Resource": resources})
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn bucket(name: &str) -> String {
    format!("arn:aws:s3:::{name}")
}

fn objects(name: &str) -> String {
    format!("arn:aws:s3:::{name}/*")
}
