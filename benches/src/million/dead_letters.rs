//! Dead letters of a filled registry.

use tests::cluster::Cluster;

use super::fill::{Size, instant};
use super::template::Template;

/// Ids that an ordinary letter mentions which could not be parsed.
const MENTIONED: u64 = 10;
/// Ids that a letter mentions at most: see `dead_letters/mentions.rs`.
const MOST_MENTIONED: u64 = 100_000;
/// Letters with so many, past their retention period.
const LARGE: u64 = 3;

/// One letter in ten could not be parsed. Some of both are past their retention period.
///
/// # Panics
/// When the database fails.
pub fn fill(cluster: &Cluster, template: &Template, size: Size) {
    let (prefix, count) = (&template.prefix, size.letters());
    let body = format!(r#"{{"specversion":"1.0","data":{{"text":"{}"}}}}"#, "invented ".repeat(80));
    let lately = instant("now() - (i % 86400) * interval '1 second'");
    let old = instant("now() - interval '400 days' - i * interval '1 second'");
    let letters = |from: u64, to: u64, unparsed: &str, at: &str, state: &str| {
        format!(
            "INSERT INTO dead_letters (id, queue, routing_key, message_type, message_id,
                 application_id, document_id, code, attempt, headers, body, dead_lettered_at, state,
                 has_mentions, portal)
             SELECT md5('letter' || i), 'work.passport', 'passport.submitted',
                 'kz.tekseru.document.submitted.v1', 'message-' || i,
                 CASE WHEN {unparsed} THEN NULL
                     ELSE '{prefix}M-' || lpad((i % {applications} + 1)::text, 8, '0') END,
                 CASE WHEN {unparsed} THEN NULL ELSE 'D-1' END,
                 (ARRAY['STORE_UNAVAILABLE','EXAMINER_FAILED','DATABASE_ERROR'])[i % 3 + 1], 8,
                 '{{}}', convert_to('{body}', 'UTF8'), {at}, '{state}', 1, 'portal'
             FROM generate_series({from}, {to}) AS g(i);\n",
            applications = size.applications
        )
    };
    let mentions = |id: &str, from: u64, to: u64, each: u64| {
        format!(
            "INSERT INTO dead_letter_mentions (digest, letter_id)
             SELECT left(md5('id' || i || '-' || j), 24), {id}
             FROM generate_series({from}, {to}) AS g(i), generate_series(1, {each}) AS m(j);\n"
        )
    };
    let id = "md5('letter' || i)";
    let (old_from, old_to) = (count + 1, count + count / 100);
    let (large_from, large_to) = (old_to + 1, old_to + LARGE);
    let _ = cluster.sql(&format!(
        "SET synchronous_commit = off; {}{}{}{}{}",
        letters(1, count, "i % 10 = 0", &lately, "waiting"),
        // what is in `WHERE i % 10 = 0` above
        mentions("md5('letter' || i * 10)", 1, count / 10, MENTIONED),
        letters(old_from, old_to, "false", &old, "discarded"),
        letters(large_from, large_to, "true", &old, "waiting"),
        mentions(id, large_from, large_to, MOST_MENTIONED),
    ));
}
