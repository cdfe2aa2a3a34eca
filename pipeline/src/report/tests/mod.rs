//! Tests of the page, split by what they check.

mod accessibility;
mod content;
mod field_pictures;
mod groups;
mod hostile;
mod isolation;
mod masks;
mod pictures;
mod sides;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::specimen::Specimen;
use super::{Options, html};

fn page(specimen: &Specimen, unmask: bool) -> String {
    let options = Options { unmask, ..Options::default() };
    html(&specimen.verdict, specimen.applicant(), &specimen.pictures, &options).unwrap()
}

/// Returns the text of the page, without style, tags and pictures.
fn words(html: &str) -> String {
    let body = html.split("</style>").nth(1).unwrap();
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap();
        let breaks = [
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "li",
            "dt",
            "dd",
            "tr",
            "th",
            "td",
            "small",
            "figcaption",
            "summary",
            "caption",
        ];
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        if breaks.contains(&name) && !tag.starts_with('/') {
            text.push('\n');
            text.push_str(name);
            text.push_str(": ");
        }
        if let Some(alt) = tag.split(" alt=\"").nth(1) {
            text.push_str("\nalt: ");
            text.push_str(alt.trim_end_matches('"'));
        }
        text.push_str(rest.trim_matches('\n'));
    }
    text
}

/// Returns all tags of the page.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|piece| piece.split('>').next().unwrap()).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// Returns a tag without the values of its attributes.
fn outside_quotes(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
