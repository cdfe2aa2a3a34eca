//! Copies the rows of the template: each copy can be read and judged.

use std::time::Instant;

use tests::cluster::Cluster;

use super::template::{Template, quoted};

/// Applications in one statement.
const STEP: u64 = 50_000;
/// Applications with passport and portrait; the others are papers, which take a third of the
/// space.
const FULL: u64 = 100_000;
/// Applications that share one set of examinations.
const SHARED: u64 = 50;

/// An expression for a column that is not only copied.
type Own<'a> = (&'a str, &'a str);

/// How many of everything.
#[derive(Clone, Copy)]
pub struct Size {
    /// Submitted applications; five documents each.
    pub applications: u64,
}

impl Size {
    /// Applications with passport and portrait.
    #[must_use]
    pub fn full(self) -> u64 {
        self.applications.min(FULL)
    }

    /// Deleted applications.
    #[must_use]
    pub fn tombstones(self) -> u64 {
        self.applications / 10
    }

    /// Dead letters that wait.
    #[must_use]
    pub fn letters(self) -> u64 {
        self.applications / 10
    }

    fn sets(self) -> u64 {
        (self.applications / SHARED).max(1)
    }
}

/// Formats an instant of SQL as the registry does.
#[must_use]
pub fn instant(expression: &str) -> String {
    format!("to_char(({expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
}

/// Fills the registry with copies of the templates.
///
/// # Panics
/// When the database fails.
pub fn fill(cluster: &Cluster, templates: &[Template; 2], size: Size) {
    // bodies of some kilobytes are compressed, to save space
    let _ = cluster.sql(
        "ALTER TABLE applications SET (toast_tuple_target = 256);
         ALTER TABLE events SET (toast_tuple_target = 256);
         CREATE TABLE million_template (id text, canonical text)",
    );
    let ranges = [(1, size.full()), (size.full() + 1, size.applications)];
    for (template, (first, last)) in templates.iter().zip(ranges) {
        let copies = Copies { cluster, template, size };
        copies.keep_one_revision();
        copies.examinations();
        for from in (first..=last).step_by(STEP as usize) {
            let to = last.min(from + STEP - 1);
            let started = Instant::now();
            copies.applications(from, to);
            super::report::progress(&format!("{to} applications, {:.0?}", started.elapsed()));
        }
    }
    let copies = Copies { cluster, template: &templates[0], size };
    copies.tombstones();
    super::dead_letters::fill(cluster, &templates[0], size);
    let _ = cluster.sql("DROP TABLE million_template");
    copies.audit();
    super::report::progress("VACUUM ANALYZE");
    let _ = cluster.sql("VACUUM ANALYZE");
}

struct Copies<'a> {
    cluster: &'a Cluster,
    template: &'a Template,
    size: Size,
}

impl Copies<'_> {
    /// Of the template the latest revision stays, with its event.
    fn keep_one_revision(&self) {
        let own = format!("application_id LIKE '%{}'", self.template.id);
        let _ = self.cluster.sql(&format!(
            "DELETE FROM revisions r WHERE {own} AND (scope <> '' OR revision <
                 (SELECT max(revision) FROM revisions l WHERE l.{own} AND l.scope = ''));
             DELETE FROM events e WHERE {own} AND (routing_key NOT LIKE '%application.verdict'
                 OR revision < (SELECT max(revision) FROM revisions r WHERE r.{own}));
             INSERT INTO million_template VALUES ('{}', {})",
            self.template.id,
            quoted(&self.template.canonical)
        ));
    }

    /// Examinations with their texts, one set for some applications.
    fn examinations(&self) {
        let sets = self.size.sets();
        let hashes = self.template.sha256s.iter().map(|hash| quoted(hash)).collect::<Vec<_>>();
        for table in ["examinations", "examination_texts"] {
            let columns = self.columns(table, &[]);
            let _ = self.cluster.sql(&format!(
                "INSERT INTO {table} ({}) SELECT {} FROM generate_series(1, {sets} - 1) AS s(set),
                     LATERAL (SELECT '{}'::text AS id, {}) n, {table} t WHERE t.sha256 IN ({})
                 ON CONFLICT DO NOTHING",
                columns.names,
                columns.values,
                self.template.id,
                self.hashes("s.set"),
                hashes.join(", ")
            ));
        }
    }

    fn applications(&self, from: u64, to: u64) {
        let at = instant("now() - interval '1 hour' - (i % 360) * interval '1 day'");
        let copy = |table: &str, own: &[Own<'_>]| {
            self.copy(table, own, from, to);
        };
        copy("applications", &[("received_at", &at), ("last_activity_at", &at)]);
        copy("documents", &[]);
        copy("revisions", &[("digest", "n.digest"), ("verdict", &self.with_digest("verdict"))]);
        let id = "md5(t.id || n.id)";
        copy("events", &[("id", id), ("body", &self.with_digest("body"))]);
        copy("commands", &[("id", id), ("received_at", &at)]);
    }

    fn with_digest(&self, column: &str) -> String {
        format!("replace({}, '{}', n.digest)", self.varied(column), self.template.digest)
    }

    /// Copies the rows of the template in one table for some numbers.
    fn copy(&self, table: &str, own: &[Own<'_>], from: u64, to: u64) {
        let columns = self.columns(table, own);
        let digest = match own.iter().any(|(_, value)| value.contains("n.digest")) {
            true => self.digest(),
            false => "NULL::text".to_owned(),
        };
        let _ = self.cluster.sql(&format!(
            "SET session_replication_role = replica; SET synchronous_commit = off;
             INSERT INTO {table} ({}) SELECT {}
             FROM generate_series({from}, {to}) AS g(i),
                 LATERAL (SELECT 'M-' || lpad(i::text, 8, '0') AS id, {}) h,
                 LATERAL (SELECT h.*, {digest} AS digest OFFSET 0) n, {table} t
             WHERE t.application_id = {}",
            columns.names,
            columns.values,
            self.hashes(&format!("i % {}", self.size.sets())),
            quoted(&format!("{}{}", self.template.prefix, self.template.id)),
        ));
    }

    /// Returns the hashes of a set of examinations; those of set 0 are the template's.
    fn hashes(&self, set: &str) -> String {
        let one = |(i, hash): (usize, &String)| {
            let (begin, end) = hash.split_at(56);
            let changed = format!("'{begin}' || lpad(to_hex({set}), 8, '0')");
            format!("CASE WHEN {set} = 0 THEN '{begin}{end}' ELSE {changed} END AS hash{i}")
        };
        self.template.sha256s.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Returns a text of the template with the copy's id and hashes.
    fn varied(&self, column: &str) -> String {
        self.varied_text(&format!("t.{column}"), "n")
    }

    fn varied_text(&self, text: &str, of: &str) -> String {
        let text = format!("replace({text}, '{}', {of}.id)", self.template.id);
        let hashes = self.template.sha256s.iter().enumerate();
        hashes.fold(text, |text, (i, hash)| format!("replace({text}, '{hash}', {of}.hash{i})"))
    }

    fn digest(&self) -> String {
        let own =
            format!("(SELECT canonical FROM million_template WHERE id = '{}')", self.template.id);
        let canonical = self.varied_text(&own, "h");
        format!("'sha256:' || encode(sha256(convert_to({canonical}, 'UTF8')), 'hex')")
    }

    fn columns(&self, table: &str, own: &[Own<'_>]) -> Columns {
        let found = self.cluster.sql(&format!(
            "SELECT column_name, data_type FROM information_schema.columns
             WHERE table_name = '{table}' AND is_identity = 'NO' ORDER BY ordinal_position"
        ));
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for (name, kind) in found.lines().filter_map(|line| line.split_once('|')) {
            names.push(name.to_owned());
            values.push(match own.iter().find(|(column, _)| *column == name) {
                Some((_, value)) => (*value).to_owned(),
                None if kind == "text" => self.varied(name),
                None => format!("t.{name}"),
            });
        }
        Columns { names: names.join(", "), values: values.join(", ") }
    }

    /// Applications that were deleted, and the folders that went lately.
    fn tombstones(&self) {
        let (prefix, count) = (&self.template.prefix, self.size.tombstones());
        let at = instant("now() - interval '2 hours' - (i % 360) * interval '1 day'");
        let lately = instant("now() - interval '10 minutes'");
        let _ = self.cluster.sql(&format!(
            "INSERT INTO applications (application_id, state, received_at, last_activity_at)
             SELECT '{prefix}W-' || lpad(i::text, 8, '0'), 'withdrawn', {at}, {at}
             FROM generate_series(1, {count}) AS g(i);
             INSERT INTO deletions (folder, requested_at, passes, last_pass_at)
             SELECT 'applications/{prefix}W-' || lpad(i::text, 8, '0') || '/', {at}, 1, {lately}
             FROM generate_series(1, {count} / 10) AS g(i);
             INSERT INTO latest_checks (application_id, scope, due_at)
             SELECT '{prefix}M-' || lpad(i::text, 8, '0'), '', {}
             FROM generate_series(1, {count} / 10) AS g(i)",
            instant("now() + interval '3 hours'")
        ));
    }

    /// One row of the audit for each deleted application, each with the hash of the one before.
    fn audit(&self) {
        let (prefix, count) = (&self.template.prefix, self.size.tombstones());
        let at = instant("now() - interval '1 hour'");
        let _ = self.cluster.sql(&format!(
            "DO $$
             DECLARE n bigint; h text; p text; at text := {at}; who text; row text;
             BEGIN
                 SELECT number, hash INTO n, h FROM audit_head WHERE id = 1;
                 FOR i IN 1..{count} LOOP
                     n := n + 1; p := h; who := '{prefix}W-' || lpad(i::text, 8, '0');
                     row := '[' || n || ',\"' || at || '\",\"operator\",\"application.withdrawn\",\"'
                         || who || '\",\"[]\"]';
                     h := encode(sha256(convert_to(p || E'\\n' || row, 'UTF8')), 'hex');
                     INSERT INTO audit VALUES
                         (n, at, 'operator', 'application.withdrawn', who, '[]', p, h);
                 END LOOP;
                 UPDATE audit_head SET number = n, hash = h WHERE id = 1;
             END $$"
        ));
    }
}

/// Columns of a table, and an expression for each.
struct Columns {
    names: String,
    values: String,
}
