//! Which bucket is whose: each portal has one for its uploads and one for its verdicts, and
//! one that no portal reads holds the evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use pipeline::application::Object;

use super::location::ObjectLocation;
use crate::object_keys;
use crate::portal::Portal;

/// The place of a portal's name in a bucket's name.
const PLACE: &str = "{portal}";

/// The names of one kind of bucket.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct BucketNames {
    template: String,
    by_portal: BTreeMap<Portal, String>,
}

impl BucketNames {
    /// Returns the name of a portal's bucket.
    pub(crate) fn of(&self, portal: &Portal) -> String {
        let named = self.by_portal.get(portal).cloned();
        named.unwrap_or_else(|| self.template.replace(PLACE, portal.as_str()))
    }

    /// Returns what is before and after the portal's name.
    fn around(&self) -> (&str, &str) {
        self.template.split_once(PLACE).unwrap_or_default()
    }

    /// Whether a name may be that of a portal's bucket.
    fn may_be(&self, name: &str) -> bool {
        let (before, after) = self.around();
        name.len() > before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
    }

    /// Whether a bucket of one portal may have the name of another's of the other kind.
    fn may_meet(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.around(), other.around());
        (a.starts_with(c) || c.starts_with(a)) && (b.ends_with(d) || d.ends_with(b))
    }

    fn problems(&self) -> Vec<String> {
        let examples = self.by_portal.values().cloned();
        let names = examples.chain([self.template.replace(PLACE, "p")]);
        names.filter(|name| !is_bucket(name)).map(|name| bucket_problem(&name)).collect()
    }
}

/// Reads `uploads-{portal}`, and `NAME=BUCKET` for portals whose bucket has another name,
/// separated by commas.
impl FromStr for BucketNames {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut template, mut by_portal) = (None, BTreeMap::new());
        for part in text.split(',').map(str::trim) {
            match part.split_once('=') {
                Some((portal, bucket)) => {
                    by_portal.insert(portal.parse()?, bucket.to_owned());
                }
                None if part.contains(PLACE) && template.is_none() => {
                    template = Some(part.to_owned());
                }
                None => {
                    return Err(format!(
                        "write one name with {PLACE}, and NAME=BUCKET for other portals"
                    ));
                }
            }
        }
        let template = template.ok_or_else(|| {
            format!("one name must contain {PLACE}, so that no two portals share")
        })?;
        Ok(Self { template, by_portal })
    }
}

impl fmt::Display for BucketNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)?;
        self.by_portal.iter().try_for_each(|(portal, bucket)| write!(f, ",{portal}={bucket}"))
    }
}

impl fmt::Debug for BucketNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// The buckets of a store.
#[derive(Clone, Debug)]
pub(crate) struct Buckets {
    /// What portals upload; it is only read.
    pub(crate) uploads: BucketNames,
    /// Verdicts and reports.
    pub(crate) verdicts: BucketNames,
    /// Pictures of evidence and anchors of the audit.
    pub(crate) evidence: String,
}

impl Buckets {
    /// Returns where a result is. Its key names its portal, which the key in the portal's
    /// bucket does not: `applications/PORTAL/ID/…` is `applications/ID/…` there.
    pub(super) fn result(&self, key: &str) -> ObjectLocation {
        match object_keys::split_portal(key) {
            Some((portal, key)) => ObjectLocation::new(&self.verdicts.of(&portal), &key),
            None => ObjectLocation::new(&self.evidence, key),
        }
    }

    /// Returns the object of a result, as its portal reads it.
    pub(crate) fn result_object(&self, key: &str) -> Object {
        let ObjectLocation { bucket, key } = self.result(key);
        Object { bucket, key, version_id: None }
    }

    /// Returns the URI of a result, as its portal reads it.
    pub(crate) fn result_uri(&self, key: &str) -> String {
        let ObjectLocation { bucket, key } = self.result(key);
        format!("s3://{bucket}/{key}")
    }

    /// Returns why the names cannot be used: each bucket is of one portal or of none.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.uploads.problems();
        problems.extend(self.verdicts.problems());
        if !is_bucket(&self.evidence) {
            problems.push(bucket_problem(&self.evidence));
        }
        let named = self.uploads.by_portal.iter().chain(&self.verdicts.by_portal);
        let mut seen = BTreeSet::from([self.evidence.as_str()]);
        let twice = named.clone().filter(|(_, name)| !seen.insert(name.as_str()));
        let twice: Vec<&String> = twice.map(|(_, name)| name).collect();
        // a name that the template could make for another portal
        let is_taken = |name: &&String| self.uploads.may_be(name) || self.verdicts.may_be(name);
        let taken = named.map(|(_, name)| name).chain([&self.evidence]).filter(is_taken);
        for name in twice.into_iter().chain(taken) {
            problems.push(format!("`{}` may have two purposes", name.escape_debug()));
        }
        if self.uploads.may_meet(&self.verdicts) {
            problems.push("the names of uploads and verdicts may be the same bucket".to_owned());
        }
        problems
    }
}

/// The default names.
impl Default for Buckets {
    fn default() -> Self {
        let names = |template: &str| BucketNames {
            template: template.to_owned(),
            by_portal: BTreeMap::new(),
        };
        Self {
            uploads: names(DEFAULT_UPLOADS),
            verdicts: names(DEFAULT_VERDICTS),
            evidence: DEFAULT_EVIDENCE.to_owned(),
        }
    }
}

/// Name of a bucket of uploads.
pub(crate) const DEFAULT_UPLOADS: &str = "uploads-{portal}";
/// Name of a bucket of verdicts.
pub(crate) const DEFAULT_VERDICTS: &str = "verdicts-{portal}";
/// Name of the bucket of evidence.
pub(crate) const DEFAULT_EVIDENCE: &str = "evidence";

fn bucket_problem(name: &str) -> String {
    format!("`{}` is not a bucket name", name.escape_debug())
}

fn is_bucket(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application_key::ApplicationKey;

    #[test]
    fn portals_share_no_bucket() {
        let names: BucketNames = "in-{portal},old=uploads".parse().unwrap();
        let portal = |name: &str| name.parse::<Portal>().unwrap();
        assert_eq!(names.of(&portal("kz")), "in-kz");
        assert_eq!(names.of(&portal("old")), "uploads");
        assert_eq!(names.to_string().parse(), Ok(names));
        for wrong in ["", "uploads", "a-{portal},b-{portal}", "a-{portal},A=b", "old=uploads"] {
            assert!(wrong.parse::<BucketNames>().is_err(), "{wrong}");
        }
        let mut buckets = Buckets::default();
        assert_eq!(buckets.problems(), [""; 0]);
        buckets.uploads = "a-{portal},one=b,two=b,three=a-four".parse().unwrap();
        buckets.verdicts = "verdicts/{portal},one=evidence".parse().unwrap();
        assert_eq!(
            buckets.problems(),
            [
                "`verdicts/p` is not a bucket name",
                "`b` may have two purposes",
                "`evidence` may have two purposes",
                "`a-four` may have two purposes"
            ]
        );
        for (uploads, verdicts, is_apart) in [
            ("{portal}-uploads", "{portal}-verdicts", true),
            ("data-{portal}", "data-{portal}-verdicts", false),
            ("{portal}", "verdicts-{portal}", false),
            ("x-{portal}", "x-{portal}", false),
        ] {
            buckets.uploads = uploads.parse().unwrap();
            buckets.verdicts = verdicts.parse().unwrap();
            assert_eq!(buckets.problems().is_empty(), is_apart, "{uploads} {verdicts}");
        }
    }

    #[test]
    fn results_of_a_portal_are_in_its_bucket() {
        let buckets = Buckets::default();
        let key: ApplicationKey = "kz/A-1".parse().unwrap();
        let at = |key: &str| buckets.result_uri(key);
        assert_eq!(
            at(&object_keys::application_folder(&key)),
            "s3://verdicts-kz/applications/A-1/"
        );
        assert_eq!(at("examinations/00/cv/11/x.png"), "s3://evidence/examinations/00/cv/11/x.png");
        assert_eq!(at("applications/"), "s3://evidence/applications/");
    }
}
